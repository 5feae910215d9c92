// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the reading says of each file that the real charts render, one line a container, against a table written by hand.
 * {@code nodes} are name, on or off, and where the key comes from.
 */
class CorpusReadingTest {

    private static final Path FOLDER = Path.of("..", "shared", "corpus");
    private static final JsonMapper JSON = new JsonMapper();

    private static final String GCP =
            "participant: GCP KMS (project acme-canton-prod, location us-east1, key ring sv-participant)";
    private static final String AWS = "participant: AWS KMS (region us-east-1, multi-region keys)";
    private static final String NO_KEY = "sv-app: current on without key";
    private static final String KEY = "sv-app: current on with key from env";

    /** By scenario; the same at every release unless {@link #EXCEPTIONS} says otherwise. */
    private static final Map<String, String> TABLE = new LinkedHashMap<>();

    private static final Map<String, String> EXCEPTIONS = Map.of(
            "0.4.2/participant-kms-driver",
            "participant: KMS driver securosys-hsm, unreadable: config is Go text (map[…]), not HOCON (line 4: List should"
                    + " have ended with ] or had a comma, instead had token: ':')");

    static {
        TABLE.put("global-domain", "mediator: no KMS; sequencer: no KMS");
        TABLE.put("participant-no-kms", "participant: no KMS");
        TABLE.put("participant-kms-gcp-sample", GCP);
        TABLE.put("participant-kms-gcp-bare", GCP);
        TABLE.put("participant-kms-suffixed-release", GCP);
        TABLE.put("participant-kms-aws-sample", AWS);
        TABLE.put("participant-kms-aws-bare", AWS);
        TABLE.put("participant-kms-aws-single-region", "participant: AWS KMS (region us-east-1)");
        TABLE.put("participant-kms-driver", "participant: KMS driver securosys-hsm");
        TABLE.put(
                "participant-kms-placeholders",
                "participant: GCP KMS (project PROJECT_ID, location LOCATION_ID, key ring KEY_RING_ID), kms.location-id is"
                        + " still the placeholder LOCATION_ID, kms.project-id is still the placeholder PROJECT_ID,"
                        + " kms.key-ring-id is still the placeholder KEY_RING_ID");
        TABLE.put(
                "participant-kms-endpoint-unquoted",
                AWS
                        + ", unreadable: endpoint-override is a URL without quotes (line 5: Expecting close brace } or a comma,"
                        + " got ':')");
        TABLE.put("participant-kms-envelope", "participant: no KMS, envelope");
        TABLE.put("sv-validator", "validator-app: no KMS");
        TABLE.put("sv-cometbft-default", NO_KEY);
        TABLE.put("sv-flag-misplaced", NO_KEY);
        TABLE.put("sv-canton-bft", NO_KEY);
        TABLE.put("sv-canton-bft-no-cometbft", "sv-app: no CometBFT");
        TABLE.put("sv-external-key", KEY);
        TABLE.put("sv-external-key-top-level", KEY);
        TABLE.put("sv-external-key-vault", KEY);
        TABLE.put("sv-external-key-plaintext", KEY);
        TABLE.put("sv-participant-fqdn", KEY);
        TABLE.put("sv-two-nodes-one-key", KEY + ", successor on without key");
    }

    @BeforeAll
    static void corpus_is_there() {
        if (!Files.isDirectory(FOLDER)) {
            System.out.println("SKIPPED: CorpusReadingTest: there is no folder " + FOLDER);
        }
        assumeTrue(Files.isDirectory(FOLDER), "there is no folder " + FOLDER);
    }

    @Test
    void every_file_reads_as_the_table_says() throws IOException {
        var read = new LinkedHashMap<String, String>();
        var expected = new LinkedHashMap<String, String>();
        for (var file : files()) {
            var scenario = file.getFileName().toString().replace(".yaml", "");
            var name = release(file) + "/" + scenario;
            read.put(name, workloads(file).stream().map(CorpusReadingTest::said).collect(Collectors.joining("; ")));
            expected.put(name, EXCEPTIONS.getOrDefault(name, TABLE.getOrDefault(scenario, "not in the table")));
        }
        assertThat(read).isEqualTo(expected).hasSizeGreaterThan(80);
        System.out.println("Corpus reading: " + read.size() + " files");
    }

    @Test
    void every_file_tells_its_version_and_leaves_nothing_unseen() throws IOException {
        for (var file : files()) {
            for (var workload : workloads(file)) {
                assertThat(workload.version()).as(file.toString()).isEqualTo(SpliceVersion.parse(release(file)));
                assertThat(workload.references()).as(file.toString()).isEmpty();
                for (var container : workload.containers()) {
                    assertThat(container.config().unseen()).as(file.toString()).isEmpty();
                    assertThat(container.config().problems())
                            .as(file.toString())
                            .isEmpty();
                    assertThat(container.participantAddress().isPresent())
                            .isEqualTo(container.is(Role.SV_APP) || container.is(Role.VALIDATOR_APP));
                }
            }
        }
    }

    @Test
    void real_texts_are_far_below_the_limits() throws IOException {
        for (var file : files()) {
            for (var workload : workloads(file)) {
                for (var container : workload.containers()) {
                    var text = container.env().stream()
                            .filter(variable -> variable.name().startsWith(AdditionalConfig.PREFIX))
                            .map(variable -> variable.value().text().orElse(""))
                            .collect(Collectors.joining("\n"));
                    assertThat(HoconLimits.scan(text.repeat(4)).tooLarge())
                            .as(file.toString())
                            .isEmpty();
                }
            }
        }
    }

    private static String release(Path file) {
        return FOLDER.relativize(file).getName(0).toString();
    }

    private static String said(Workload workload) {
        var lines = new ArrayList<String>();
        for (var container : workload.containers()) {
            assertThat(container.roles()).as(workload.ref().toString()).hasSize(1);
            var role = container.roles().iterator().next();
            lines.add(role.id() + ": " + (role == Role.SV_APP ? nodes(container) : kms(container.config())));
        }
        return String.join("; ", lines);
    }

    private static String nodes(Container container) {
        return container.cometBftNodes().isEmpty()
                ? "no CometBFT"
                : container.cometBftNodes().stream()
                        .map(node -> node.name()
                                + (node.enabled() ? " on" : " off")
                                + (node.hasKey() && node.reads(CometBftNode.PUBLIC_KEY_ENV)
                                        ? " with key from env"
                                        : " without key"))
                        .collect(Collectors.joining(", "));
    }

    private static String kms(AdditionalConfig config) {
        var line = new StringBuilder();
        config.cryptos().forEach(crypto -> {
            line.append(crypto.identity().map(KmsConfig::describe).orElse("no KMS"));
            line.append(crypto.envelope() ? ", envelope" : "");
            crypto.problems()
                    .forEach(problem -> line.append(", ")
                            .append(problem.key().replace(crypto.path() + ".", ""))
                            .append(' ')
                            .append(problem.text()));
        });
        config.problem().ifPresent(problem -> line.append(", unreadable: ").append(problem));
        return line.isEmpty() ? "no KMS" : line.toString();
    }

    private static List<Workload> workloads(Path file) throws IOException {
        var read = new ArrayList<Workload>();
        for (var document : new Yaml().loadAll(Files.readString(file))) {
            var object = JSON.valueToTree(document);
            if (object.path("kind").asString().equals("Deployment")) {
                read.add(Manifest.read(object));
            }
        }
        return read;
    }

    private static List<Path> files() throws IOException {
        try (var paths = Files.walk(FOLDER)) {
            return paths.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }
}
