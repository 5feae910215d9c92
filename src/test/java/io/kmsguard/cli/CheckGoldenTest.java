// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whole reports, for people and for machines. {@code -Dgolden.write} rewrites them, and still fails. */
class CheckGoldenTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path GOLDENS = Path.of("src", "test", "resources", "check", "golden");
    private static final Path SCHEMA = Path.of("docs", "check-report.schema.json");

    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of("flag-forgotten", 1, List.of("participant.yaml", "sv-without-flag.yaml")),
                Arguments.of(
                        "secret-as-the-guide-makes-it",
                        1,
                        List.of(
                                "participant.yaml",
                                "sv-with-flag.yaml",
                                "secret-as-the-guide-makes-it.yaml",
                                "credentials.yaml",
                                "web-ui.yaml")),
                Arguments.of(
                        "values-forgotten", 1, List.of("participant-without-kms.yaml", "--old", "participant.yaml")),
                Arguments.of("participant-first", 0, List.of("participant.yaml", "credentials.yaml")),
                Arguments.of("bad-input", 2, List.of("broken.yaml", "participant.yaml", "absent.yaml")));
    }

    private static String[] args(List<String> args, String... more) {
        var all = new ArrayList<>(args);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void reports_for_people(String name, int exitCode, List<String> args) throws IOException {
        var cli = Cli.check(args(args));
        golden(name + ".txt", cli.out());
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exitCode()).isEqualTo(exitCode);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void reports_for_machines_as_the_schema_says(String name, int exitCode, List<String> args) throws IOException {
        var cli = Cli.check(args(args, "-o", "json"));
        golden(name + ".json", cli.out());
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exitCode()).isEqualTo(exitCode);
        assertThat(errors(cli.out())).isEmpty();
    }

    /** Without the rules and their numbers: those change with every new rule, and SarifReportTest has them. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void reports_for_code_scanning(String name, int exitCode, List<String> args) throws IOException {
        var cli = Cli.check(args(args, "-o", "sarif"));
        var log = (ObjectNode) JSON.readTree(cli.out());
        ((ObjectNode) log.at("/runs/0/tool/driver")).remove("rules");
        log.at("/runs/0/results").forEach(result -> ((ObjectNode) result).remove("ruleIndex"));
        golden(name + ".sarif", PrettyJson.text(log) + "\n");
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exitCode()).isEqualTo(exitCode);
        assertThat(Sarif.errors(cli.out())).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void reports_as_tests(String name, int exitCode, List<String> args) throws IOException {
        var cli = Cli.check(args(args, "-o", "junit"));
        golden(name + ".junit.xml", cli.out());
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exitCode()).isEqualTo(exitCode);
    }

    @Test
    void has_a_schema_that_refuses_what_it_does_not_know() throws IOException {
        var report = Cli.check("participant.yaml", "-o", "json").out();
        assertThat(errors(report.replace("\"warn\"", "\"maybe\""))).isNotEmpty();
        assertThat(errors(report.replace("\"errors\": []", "\"error\": []"))).isNotEmpty();
        assertThat(errors(report.replace("\"line\": 11", "\"line\": 0"))).isNotEmpty();
    }

    static List<Error> errors(String report) throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(SCHEMA), InputFormat.JSON)
                .validate(report, InputFormat.JSON);
    }

    private static void golden(String name, String actual) throws IOException {
        var file = GOLDENS.resolve(name);
        if (System.getProperty("golden.write") != null) {
            Files.createDirectories(GOLDENS);
            Files.writeString(file, actual);
            fail("written: " + file);
        }
        assertThat(actual).isEqualTo(Files.readString(file));
    }
}
