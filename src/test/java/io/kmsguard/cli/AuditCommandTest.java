// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An audit of manifests, as people and machines get it. {@code -Dgolden.write} rewrites the goldens, and still fails. */
class AuditCommandTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path RESOURCES = Path.of("src", "test", "resources", "audit");
    static final Path FLEET = RESOURCES.resolve("fleet.yaml");
    private static final Path SCHEMA = Path.of("docs", "audit-report.schema.json");

    @TempDir
    private Path folder;

    static Cli audit(String... args) {
        return Cli.run(Stream.concat(Stream.of("audit"), Stream.of(args)).toArray(String[]::new));
    }

    private Path written(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    static List<Error> errors(String report) throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(SCHEMA), InputFormat.JSON)
                .validate(report, InputFormat.JSON);
    }

    private static void golden(String name, String actual) throws IOException {
        var file = RESOURCES.resolve("golden").resolve(name);
        var timeless = actual.replaceAll("20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z", "NOW");
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(file, timeless);
            fail("wrote " + file);
        }
        assertThat(timeless).isEqualTo(Files.readString(file));
    }

    @Test
    void reports_for_people() throws IOException {
        var cli = audit(FLEET.toString());

        golden("fleet.txt", cli.out());
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exitCode()).isEqualTo(1);
    }

    @Test
    void reports_for_machines_as_the_schema_says() throws IOException {
        var cli = audit(FLEET.toString(), "-o", "json");

        golden("fleet.json", cli.out());
        assertThat(errors(cli.out())).isEmpty();
        assertThat(errors(cli.out().replace("\"not-needed\"", "\"maybe\""))).isNotEmpty();
        assertThat(errors(cli.out().replace("\"gaps\": []", "\"gap\": []"))).isNotEmpty();
    }

    @Test
    void reports_for_a_browser() {
        var cli = audit(FLEET.toString(), "-o", "html");

        assertThat(cli.err()).isEmpty();
        assertThat(cli.exitCode()).isEqualTo(1);
        assertThat(Jsoup.parse(cli.out()).select("h1, .tile.deny").eachText())
                .containsExactly("manifests " + FLEET, "3 deny objects");
    }

    /** Without the rules and their numbers: those change with every new rule. */
    @Test
    void reports_for_code_scanning() throws IOException {
        var cli = audit(FLEET.toString(), "-o", "sarif");

        var log = (ObjectNode) JSON.readTree(cli.out());
        ((ObjectNode) log.at("/runs/0/tool/driver")).remove("rules");
        log.at("/runs/0/results").forEach(result -> ((ObjectNode) result).remove("ruleIndex"));
        golden("fleet.sarif", PrettyJson.text(log) + "\n");
        assertThat(Sarif.errors(cli.out())).isEmpty();
    }

    @Test
    void reports_as_tests() throws IOException {
        golden("fleet.junit.xml", audit(FLEET.toString(), "-o", "junit").out());
    }

    @Test
    void reports_as_objects_of_a_cluster() {
        var list = JSON.readTree(audit(FLEET.toString(), "-o", "openreports").out());
        var objects = JSON.readTree(audit(FLEET.toString(), "-o", "json").out()).path("results");

        assertThat(list.path("kind").asString("")).isEqualTo("List");
        assertThat(list.path("items")).hasSameSizeAs(objects).isNotEmpty();
        for (var i = 0; i < objects.size(); i++) {
            var report = list.path("items").path(i);
            assertThat(report.path("apiVersion").asString("") + " "
                            + report.path("kind").asString(""))
                    .isEqualTo("openreports.io/v1alpha1 Report");
            assertThat(report.at("/scope/name")).isEqualTo(objects.path(i).path("name"));
            assertThat(report.path("results"))
                    .hasSize(Math.max(1, objects.path(i).path("findings").size()));
        }
    }

    private static List<String> findings(String report) {
        var findings = new ArrayList<String>();
        for (var result : JSON.readTree(report).path("results")) {
            for (var finding : result.path("findings")) {
                findings.add(result.path("namespace").asString() + "/"
                        + result.path("name").asString() + " "
                        + finding.path("action").asString() + " "
                        + finding.path("message").asString());
            }
        }
        return findings.stream().sorted().toList();
    }

    @Test
    void finds_of_manifests_what_a_check_finds() {
        for (var input : List.of("src/test/resources/check", FLEET.toString(), "examples")) {
            var check = Cli.run("check", input, "-o", "json");
            var audit = audit(input, "-o", "json");

            assertThat(findings(audit.out())).isNotEmpty().isEqualTo(findings(check.out()));
            assertThat(audit.exitCode()).isEqualTo(check.exitCode());
        }
    }

    @Test
    void tells_what_changed_since_an_earlier_report() throws IOException {
        var earlier =
                written("earlier.json", audit(FLEET.toString(), "-o", "json").out());
        var fixed = Files.readString(FLEET)
                .replaceAll(
                        "(?s)---\\napiVersion: apps/v1\\nkind: Deployment\\nmetadata: \\{name: sv-app, namespace: sv-2}"
                                + ".*?(?=---)",
                        "")
                .replace("key-ring-id = v-1", "key-ring-id = v-2");
        var now = written("now.yaml", fixed);

        var text = audit(now.toString(), "--since", earlier.toString());
        var json = audit(now.toString(), "--since", earlier.toString(), "-o", "json");

        golden("since.txt", text.out().replace(folder.toString(), "DIR"));
        assertThat(errors(json.out())).isEmpty();
        var since = JSON.readTree(json.out()).path("since");
        assertThat(since.path("rows")
                        .valueStream()
                        .map(row -> row.path("change").asString() + " "
                                + row.at("/app/namespace").asString()
                                + row.path("fields").findValuesAsString("field")))
                .containsExactly("new sv-2[]", "changed validator-1[kms]", "gone sv-2[]");
        assertThat(since.path("gone").findValuesAsString("rule")).contains("governance-key-flag");
    }

    @Test
    void tells_that_nothing_changed() throws IOException {
        var earlier =
                written("earlier.json", audit(FLEET.toString(), "-o", "json").out());

        var json = audit(FLEET.toString(), "--since", earlier.toString(), "-o", "json");

        var since = JSON.readTree(json.out()).path("since");
        assertThat(Stream.of("new", "gone", "rows").map(list -> since.path(list).size()))
                .containsOnly(0);
        assertThat(audit(FLEET.toString(), "--since", earlier.toString()).out()).contains("\n  Nothing changed.\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret words",
                "[]",
                "{\"kind\":\"CheckReport\"}",
                "{\"kind\":\"AuditReport\",\"apiVersion\":\"v2\"}",
                "{\"kind\":\"AuditReport\",\"apiVersion\":\"kms-guard.io/v1\",\"fleet\":[{}]}",
                "{\"kind\":\"AuditReport\",\"apiVersion\":\"kms-guard.io/v1\",\"fleet\":[],\"results\":[{}]}",
                "{\"kind\":\"AuditReport\",\"apiVersion\":\"kms-guard.io/v1\",\"fleet\":[],\"results\":[],\"at\":\"x\"}"
            })
    void half_a_report_is_none(String text) throws IOException {
        var file = written("earlier.json", text);

        var cli = audit(FLEET.toString(), "--since", file.toString());

        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err())
                .startsWith("kms-guard: " + file + " is no report of kms-guard audit -o json: it")
                .doesNotContain("secret words");
    }

    @Test
    void a_report_that_is_not_there_is_told() {
        assertThat(audit(FLEET.toString(), "--since", "absent.json"))
                .isEqualTo(new Cli(2, "", "kms-guard: absent.json: there is no such file.\n"));
    }

    @Test
    void what_cannot_be_read_is_a_gap_and_fails_where_nothing_is_denied() throws IOException {
        var broken = written("broken.yaml", "a: [");
        var fine = Cli.fixture("participant.yaml");

        assertThat(audit(fine).exitCode()).isZero();
        assertThat(audit(fine, "--fail-on", "warn").exitCode()).isEqualTo(1);
        var cli = audit(fine, broken.toString(), "-o", "json");
        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(JSON.readTree(cli.out()).path("gaps").findValuesAsString("what"))
                .singleElement()
                .asString()
                .startsWith(broken + ":1");
        assertThat(audit(broken.toString(), FLEET.toString()).exitCode()).isEqualTo(1);
    }

    @Test
    void what_is_being_deleted_is_not_judged() throws IOException {
        var leaving = written(
                "leaving.yaml",
                Files.readString(FLEET)
                        .replace("{name: sv-app, ", "{name: sv-app, deletionTimestamp: \"2026-05-01T08:00:00Z\", "));

        var rows = JSON.readTree(audit(leaving.toString(), "-o", "json").out()).path("fleet");

        assertThat(rows.findValuesAsString("kind")).doesNotContain("sv");
    }

    /** Kubernetes takes no such names; a folder may hold them. */
    @Test
    void names_are_harmless_in_every_form() throws Exception {
        var evil = "\\e[31m\\x9b2J\\u202e<script>alert(1)</script>&]]>";
        var file = written(
                "evil.yaml",
                Files.readString(FLEET)
                        .replace("namespace: sv-2", "namespace: \"" + evil + "\"")
                        .replace("key-ring-id = sv-2", "key-ring-id = \"\\u001b[2J<b>\""));

        var text = audit(file.toString()).out();
        assertThat(text.codePoints().filter(point -> point != '\n' && Character.isISOControl(point)))
                .isEmpty();
        assertThat(text).doesNotContain("\u202e");
        var json = audit(file.toString(), "-o", "json").out();
        assertThat(errors(json)).isEmpty();
        assertThat(json).doesNotContain("\u001b");
        assertThat(Sarif.errors(audit(file.toString(), "-o", "sarif").out())).isEmpty();
        var xml = audit(file.toString(), "-o", "junit").out();
        var parsed =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        assertThat(parsed.getElementsByTagName("script").getLength()).isZero();
        assertThat(parsed.getElementsByTagName("testcase").getLength()).isEqualTo(12);
    }
}
