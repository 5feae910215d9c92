// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.cluster.FakeApiServer;
import io.kmsguard.policy.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The audit of a cluster by a kubeconfig, over an API server that is a fake. */
class AuditClusterTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private FakeApiServer api;
    private Path kubeconfig;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApiServer();
        kubeconfig = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: fake
                clusters: [{name: fake, cluster: {server: "%s"}}]
                users: [{name: me, user: {token: hunter2}}]
                contexts: [{name: fake, context: {cluster: fake, user: me}}]
                """.formatted(api.url()));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private Cli audit(String... args) {
        return Cli.run(Stream.concat(Stream.of("audit", "--kubeconfig", kubeconfig.toString()), Stream.of(args))
                .toArray(String[]::new));
    }

    private void hasFleet() throws IOException {
        for (var document :
                new Yaml().loadAll(Files.readString(Path.of("src", "test", "resources", "audit", "fleet.yaml")))) {
            JsonNode object = JSON.valueToTree(document);
            if (object.has("stringData")) {
                var data = ((ObjectNode) object).putObject("data");
                object.path("stringData")
                        .properties()
                        .forEach(entry -> data.put(
                                entry.getKey(), Keys.twice(entry.getValue().asString())));
                ((ObjectNode) object).remove("stringData");
            }
            api.has(object);
        }
    }

    private static List<String> rows(Cli cli) {
        return JSON.readTree(cli.out())
                .path("fleet")
                .valueStream()
                .map(row -> Stream.of(
                                "/kind", "/app/namespace", "/app/name", "/keys", "/governanceKey", "/flag", "/decision")
                        .map(field -> row.at(field).asString())
                        .toList()
                        .toString())
                .toList();
    }

    @Test
    void audits_the_cluster_of_the_context() throws IOException {
        hasFleet();

        var cli = audit("-o", "json");

        assertThat(cli.err()).isEmpty();
        assertThat(cli.exitCode()).isEqualTo(1);
        assertThat(AuditCommandTest.errors(cli.out())).isEmpty();
        assertThat(JSON.readTree(cli.out()).path("scope").asString()).isEqualTo("the cluster of context fake");
        assertThat(rows(cli))
                .containsExactly(
                        "[participant, spare, participant, kms, not-needed, not-needed, warn]",
                        "[sv, sv-1, sv-app, kms, invalid, set, deny]",
                        "[sv, sv-2, sv-app, kms, absent, missing, deny]",
                        "[sv, sv-3, sv-app, own, not-needed, not-needed, allow]",
                        "[sv, sv-4, sv-app, unknown, absent, missing, warn]",
                        "[validator, validator-1, validator-app, kms, not-needed, not-needed, allow]");
        assertThat(cli.out()).doesNotContain("hunter2");
    }

    @Test
    void a_cluster_has_no_files_in_any_form() throws IOException {
        hasFleet();

        var sarif = audit("-o", "sarif");
        assertThat(Sarif.errors(sarif.out())).isEmpty();
        assertThat(JSON.readTree(sarif.out())
                        .at("/runs/0/results/0/locations/0")
                        .propertyNames())
                .containsExactly("logicalLocations");
        assertThat(audit("-o", "junit").out())
                .contains("<testsuite name=\"sv-2\"")
                .doesNotContain("file=");
        assertThat(audit().out()).contains("\nDENIED   Deployment sv-2/sv-app (sv-app)\n");
    }

    @Test
    void a_gap_fails_where_nothing_is_denied() throws IOException {
        api.refuses("/apis/apps/v1/statefulsets", 403).refuses("/api/v1/namespaces", 403);

        var cli = audit();

        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.out())
                .contains("\nerror    statefulsets in all namespaces: this account may list neither statefulsets nor"
                        + " namespaces in all namespaces (403); grant it that, or name a namespace with -n.\n");
        assertThat(audit("-n", "sv", "--fail-on", "warn").exitCode()).isZero();
        assertThat(audit("-o", "sarif").out()).contains("\"executionSuccessful\": false");
        assertThat(audit("-o", "junit").out())
                .contains("<testcase classname=\"input\" name=\"statefulsets in all namespaces\">");
    }

    @Test
    void a_cluster_that_cannot_be_asked_is_told_once() {
        api.refuses("/api", 401);

        assertThat(audit())
                .isEqualTo(new Cli(
                        2,
                        "",
                        "kms-guard: the cluster of context fake cannot be asked: the API server does not accept your"
                                + " credentials (401).\n"));
    }
}
