// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code check --live} over a cluster whose API server is a fake: what a fixture says is what runs there. */
class CheckLiveTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String NOT_FOUND = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":404}";
    private static final Map<String, String> PLURALS =
            Map.of("Deployment", "deployments", "Service", "services", "Secret", "secrets");
    private static final String INSTALLED =
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations?limit=200";
    private static final String KEY = "/api/v1/namespaces/sv/secrets/splice-app-sv-cometbft-governance-key";

    private final KubernetesMockServer api = new KubernetesMockServer(false);
    private final Map<String, JsonNode> running = new TreeMap<>();
    private final Map<String, Answer> answers = new TreeMap<>();

    private record Answer(int code, String body) {}

    @TempDir
    private Path folder;

    private Path kubeconfig;

    @BeforeEach
    void start() throws IOException {
        api.init(InetAddress.getLoopbackAddress(), 0);
        kubeconfig = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: fake
                clusters: [{name: fake, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: me, user: {token: hunter2}}]
                contexts: [{name: fake, context: {cluster: fake, user: me, namespace: sv}}]
                """.formatted(api.getPort()));
        answers("/api", 200, "{}");
        answers(INSTALLED, 200, "{\"items\":[]}");
        for (var scope : List.of("", "namespaces/sv/")) {
            answers("/apis/apps/v1/" + scope + "statefulsets?limit=200", 200, "{\"items\":[]}");
        }
        for (var absent : List.of(
                "/apis/apps/v1/namespaces/sv/deployments/participant",
                "/apis/apps/v1/namespaces/sv/deployments/sv-app",
                "/api/v1/namespaces/sv/services/participant",
                "/api/v1/namespaces/sv/serviceaccounts/default",
                "/api/v1/namespaces/sv/secrets/gke-credentials",
                KEY)) {
            answers(absent, 404, NOT_FOUND);
        }
    }

    @AfterEach
    void stop() {
        api.destroy();
    }

    private void answers(String path, int code, String body) {
        answers.put(path, new Answer(code, body));
    }

    private void runs(String... fixtures) throws IOException {
        for (var fixture : fixtures) {
            for (var document : new Yaml().loadAll(Files.readString(Path.of(Cli.fixture(fixture))))) {
                if (document != null) {
                    JsonNode object = JSON.valueToTree(document);
                    var name = object.at("/metadata/name").asString("");
                    var kind = object.path("kind").asString("");
                    running.put(kind + name, object);
                    answers(
                            (kind.equals("Deployment") ? "/apis/apps/v1/" : "/api/v1/") + "namespaces/sv/"
                                    + PLURALS.get(kind) + "/" + name,
                            200,
                            object.toString());
                }
            }
        }
    }

    private Cli check(String... args) {
        for (var scope : List.of("", "namespaces/sv/")) {
            answers("/apis/apps/v1/" + scope + "deployments?limit=200", 200, list("Deployment"));
        }
        answers(
                "/api/v1/secrets?limit=200&fieldSelector=metadata.name%3Dsplice-app-sv-cometbft-governance-key",
                200, "{\"items\":[]}");
        answers.forEach((path, answer) -> api.expect()
                .get()
                .withPath(path)
                .andReturn(answer.code(), answer.body())
                .always());
        var line = new ArrayList<>(List.of("--live", "--kubeconfig", kubeconfig.toString()));
        line.addAll(List.of(args));
        return Cli.check(line.toArray(String[]::new));
    }

    private String list(String kind) {
        var list = JSON.createObjectNode();
        var items = list.putArray("items");
        running.forEach((name, object) -> {
            if (name.startsWith(kind)) {
                items.add(object);
            }
        });
        return list.toString();
    }

    private static List<String> decisions(Cli cli) {
        return StreamSupport.stream(JSON.readTree(cli.out()).path("results").spliterator(), false)
                .map(result -> result.path("decision").asString("") + " "
                        + result.path("name").asString("")
                        + result.path("findings").findValuesAsString("rule"))
                .toList();
    }

    @Test
    void what_runs_is_updated_by_the_files() throws IOException {
        runs("participant.yaml");

        var live = check("participant-without-kms.yaml");

        assertThat(live).isEqualTo(Cli.check("participant-without-kms.yaml", "--old", "participant.yaml"));
        assertThat(live.exitCode()).isEqualTo(1);
    }

    @Test
    void what_does_not_run_is_created() throws IOException {
        runs("credentials.yaml");

        assertThat(decisions(check("participant.yaml", "-o", "json")))
                .containsExactly("warn participant[governance-key-flag]");
    }

    @Test
    void a_companion_in_neither_the_files_nor_the_cluster_is_absent_and_not_unseen() throws IOException {
        runs("participant.yaml", "credentials.yaml");

        assertThat(decisions(check("sv-with-flag.yaml", "-o", "json")))
                .containsExactly("deny sv-app[governance-key-secret]");
    }

    @Test
    void a_companion_in_the_files_counts_before_that_of_the_cluster() throws IOException {
        runs("participant.yaml", "credentials.yaml", "sv-with-flag.yaml");
        assertThat(decisions(check("participant-without-kms.yaml", "sv-without-flag.yaml", "-o", "json")))
                .containsExactly("deny participant[kms-migration]", "allow sv-app[]");
    }

    @Test
    void a_participant_meets_the_sv_app_that_runs_there() throws IOException {
        runs("sv-without-flag.yaml", "credentials.yaml");

        assertThat(decisions(check("participant.yaml", "-o", "json")))
                .containsExactly("deny participant[governance-key-flag]");
    }

    @Test
    void objects_without_a_namespace_are_in_that_of_the_context() throws IOException {
        runs("participant.yaml");
        var file = Files.writeString(
                folder.resolve("bare.yaml"),
                Files.readString(Path.of(Cli.fixture("participant-without-kms.yaml")))
                        .replace("  namespace: sv\n", ""));

        assertThat(check(file.toString()).out())
                .contains("Deployment sv/participant")
                .contains("kms-migration");
    }

    @Test
    void what_cannot_be_compared_is_not_judged_and_the_rest_is() throws IOException {
        runs("participant.yaml");
        answers("/apis/apps/v1/namespaces/closed/deployments/participant", 403, "{\"kind\":\"Status\",\"code\":403}");
        var closed = Files.writeString(
                folder.resolve("closed.yaml"),
                Files.readString(Path.of(Cli.fixture("participant.yaml")))
                        .replace("namespace: sv", "namespace: closed"));

        var cli = check(closed.toString(), "-o", "json");

        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(JSON.readTree(cli.out()).at("/errors/0/message").asString(""))
                .isEqualTo("Deployment closed/participant: cannot be judged, since Deployment closed/participant could"
                        + " not be read: your account lacks the right to get deployments in namespace closed (403)");
        assertThat(check(closed.toString(), "participant-without-kms.yaml").exitCode())
                .isEqualTo(1);
    }

    @Test
    void what_the_guard_there_remembers_counts() throws IOException {
        runs("credentials.yaml");
        answers(INSTALLED, 200, """
                {"items":[{"metadata":{"name":"guard"},"webhooks":[{"name":"workloads.kms-guard.io","clientConfig":
                {"service":{"namespace":"guards","name":"guard"}}}]}]}""");
        answers("/api/v1/namespaces/guards/configmaps/guard-identities-copy", 404, NOT_FOUND);
        var memory = JSON.createObjectNode().put("kind", "ConfigMap");
        memory.putObject("data").put("identities.yaml", """
                apiVersion: kms-guard.io/v1
                kind: ParticipantIdentities
                databases:
                - {server: participant-pg.sv, port: "5432", database: cantonnet, schema: public, keys: [],
                   workload: {kind: Deployment, namespace: sv, name: participant}, lastSeen: 2026-04-01}
                """);
        answers("/api/v1/namespaces/guards/configmaps/guard-identities", 200, memory.toString());

        assertThat(decisions(check("participant.yaml", "-o", "json")))
                .containsExactly("deny participant[kms-identity-reuse, governance-key-flag]");
    }

    @Test
    void it_is_told_that_what_the_guard_remembers_cannot_be_read() throws IOException {
        runs("credentials.yaml");
        answers(INSTALLED, 403, "{\"kind\":\"Status\",\"code\":403}");

        var cli = check("participant.yaml", "-o", "json");

        assertThat(cli.err())
                .isEqualTo(
                        "kms-guard: What the guard remembers of databases is left out: validatingwebhookconfigurations of the"
                                + " cluster could not be listed: your account lacks the right to list"
                                + " validatingwebhookconfigurations of the cluster (403).\n");
        assertThat(decisions(cli)).containsExactly("warn participant[governance-key-flag]");
    }

    @Test
    void a_cluster_that_cannot_be_asked_is_told_once() {
        var port = api.getPort();
        api.destroy();

        var cli = check("participant.yaml", "sv-with-flag.yaml");

        assertThat(cli)
                .isEqualTo(new Cli(
                        2,
                        "",
                        "kms-guard: the cluster of context fake cannot be asked: the API server at 127.0.0.1:" + port
                                + " refuses connections.\n"));
    }

    @Test
    void a_cluster_that_takes_no_credentials_is_told() {
        answers("/api", 401, "{}");

        assertThat(check("participant.yaml").err())
                .isEqualTo("kms-guard: the cluster of context fake cannot be asked: the API server does not accept your"
                        + " credentials (401).\n");
    }

    @Test
    void there_is_one_state_before() {
        var both = check("participant.yaml", "--old", "credentials.yaml");

        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.err()).startsWith("kms-guard: the state before is that of --old or that of --live, not both\n");
        assertThat(Cli.check("participant.yaml", "--context", "x").err())
                .startsWith("kms-guard: --kubeconfig and --context need --live\n");
    }

    @Test
    void no_cluster_at_all_is_told() {
        assertThat(Cli.check("participant.yaml", "--live", "--kubeconfig", "absent"))
                .isEqualTo(new Cli(2, "", "kms-guard: The kubeconfig file absent does not exist.\n"));
    }
}
