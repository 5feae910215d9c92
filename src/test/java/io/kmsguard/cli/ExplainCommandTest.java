// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.rule.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain} of manifests; of a rule, see {@link MainTest}. */
class ExplainCommandTest {

    private static final String SECRET = "splice-app-sv-cometbft-governance-key";
    private static final String KMS = "GCP KMS (project acme-canton-test, location us-east1, key ring sv-1)";

    @TempDir
    private Path folder;

    /** Explains a folder that holds those fixtures. */
    private Cli explain(List<String> fixtures, String... args) throws IOException {
        for (var fixture : fixtures) {
            Files.copy(Path.of(Cli.fixture(fixture)), folder.resolve(fixture));
        }
        var all = Stream.concat(Stream.of("explain", folder.toString()), Stream.of(args));
        var cli = Cli.run(all.toArray(String[]::new));
        return new Cli(cli.exitCode(), cli.out().replace(folder + "/", ""), cli.err());
    }

    private static Cli explainText(String in, String... args) {
        return Cli.run(
                in,
                Map.of(),
                Terminals.NONE,
                Stream.concat(Stream.of("explain"), Stream.of(args)).toArray(String[]::new));
    }

    private static String allRulesBut(String... ids) {
        return Rules.all().stream()
                .map(rule -> rule.info().id())
                .filter(id -> !List.of(ids).contains(id))
                .collect(Collectors.joining(", "));
    }

    @Test
    void says_why_an_sv_is_refused_and_what_it_belongs_to() throws IOException {
        explain(List.of("participant.yaml", "sv-without-flag.yaml"), "sv-app")
                .says(
                        1,
                        "Deployment sv/sv-app  sv-without-flag.yaml:2",
                        "  Operation: CREATE",
                        "  Splice: 0.7.3",
                        "  Container sv-app: sv-app",
                        "    Participant: Deployment sv/participant, keys kept in " + KMS,
                        "    CometBFT node current: no governance key (public half not configured, private half not"
                                + " configured)",
                        "  Judged: denied",
                        "  governance-key-flag (broken, deny): container sv-app: CometBFT node current has no external"
                                + " governance key, and its participant sv/participant keeps its keys in " + KMS
                                + ", which gives none out, so the SV app would fail at start.",
                        "    Fix: set synchronizers.current.cometBFT.externalGovernanceKey: true in the values of"
                                + " splice-sv-node 0.7.3, inside cometBFT and not beside it, and have Secret " + SECRET
                                + " with keys public and private in namespace sv.",
                        "  Nothing found by: " + allRulesBut("governance-key-flag"),
                        "  Injection: nothing to add; a whole governance key only where the policy says"
                                + " injection.governanceKey: complete",
                        "");
    }

    @Test
    void says_what_would_be_injected() throws IOException {
        explain(List.of("participant.yaml", "credentials.yaml"))
                .says(
                        0,
                        "Deployment sv/participant  participant.yaml:11",
                        "  Operation: CREATE",
                        "  Splice: 0.7.3",
                        "  Container participant: participant",
                        "    Keys: kept in " + KMS,
                        "    Apps on it: none seen here",
                        "  Judged: let pass with a warning",
                        "  governance-key-flag (broken, warn): container participant: an SV on this KMS participant will"
                                + " need cometBFT.externalGovernanceKey and Secret " + SECRET + ".",
                        "    Fix: set both before the SV app is installed.",
                        "  Nothing found by: " + allRulesBut("governance-key-flag"),
                        "  Injection: would be injected: env GOOGLE_APPLICATION_CREDENTIALS, volume and mount"
                                + " gcp-credentials from Secret gke-credentials; set additionalEnvVars, extraVolumes and"
                                + " extraVolumeMounts in the values of splice-participant 0.7.3 to make this unnecessary",
                        "");
    }

    @Test
    void says_what_stood_in_the_way_of_an_injection_that_was_asked_for() throws IOException {
        var policy = folder.resolve("policy.txt");
        Files.writeString(policy, """
                apiVersion: kms-guard.io/v1
                kind: GuardPolicy
                rules: {kms-mode: "off"}
                injection: {governanceKey: complete}
                """);
        var out = explain(List.of("participant.yaml", "sv-without-flag.yaml"), "sv-app", "--policy", policy.toString())
                .out();
        assertThat(out)
                .contains(
                        "  Nothing found by: " + allRulesBut("governance-key-flag", "kms-mode") + "\n",
                        "  Off in the policy: kms-mode\n",
                        "  Injection: no governance key injected: Secret sv/" + SECRET + " is not there\n");
    }

    @Test
    void says_of_an_update_what_it_was_and_of_a_secret_what_it_is() throws IOException {
        var out = explain(
                        List.of("participant-without-kms.yaml", "secret-as-the-guide-makes-it.yaml"),
                        "--old",
                        Cli.fixture("participant.yaml"))
                .out();
        assertThat(out)
                .contains("Deployment sv/participant  participant-without-kms.yaml:", "  Operation: UPDATE\n")
                .contains("    Keys: kept itself\n", "  kms-migration (irreversible, deny): ")
                .contains("Secret sv/" + SECRET + "  secret-as-the-guide-makes-it.yaml:1\n  Operation: CREATE\n")
                .contains("  governance-key-secret (broken, deny): the Secret lacks the keys private and public;");
    }

    @Test
    void says_what_it_did_not_judge() throws IOException {
        var same = explain(List.of("participant.yaml"), "--old", Cli.fixture("participant.yaml"));
        assertThat(same.out())
                .contains(
                        "  Not judged: the change leaves everything that a rule looks at as it is\n",
                        "  Injection: none, as it is not judged\n");
        explainText(workload("validator-app", "validator-app:0.7.3", ""), "-")
                .says(
                        0,
                        "Deployment default/x  stdin:1",
                        "  Operation: CREATE",
                        "  Splice: 0.7.3",
                        "  Container validator-app: validator-app",
                        "  Not judged: no rule is about validator-app",
                        "  Injection: none, as it is not judged",
                        "");
    }

    @Test
    void says_what_it_cannot_tell() {
        explainText(workload("sv-app", "sv-app:main", """
                                - {name: SPLICE_APP_SV_PARTICIPANT_ADDRESS, value: p.example.com}
                                - {name: ADDITIONAL_CONFIG_X, valueFrom: {secretKeyRef: {name: s, key: k}}}
                                """), "-")
                .says(
                        0,
                        "Deployment default/x  stdin:1",
                        "  Operation: CREATE",
                        "  Splice: a release that cannot be told",
                        "  Container sv-app: sv-app",
                        "    Not seen: ADDITIONAL_CONFIG_X from key k of Secret s",
                        "    Participant: cannot be told: the address p.example.com names no Service of this cluster",
                        "  Judged: allowed",
                        "  Nothing found by: " + allRulesBut(),
                        "  Injection: none, by its annotation kms-guard.io/inject",
                        "");
    }

    private static String workload(String name, String image, String env) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: x, annotations: {kms-guard.io/inject: "%s"}}
                spec:
                  template:
                    spec:
                      containers:
                      - name: %s
                        image: %s
                        env:
                """.formatted(name.equals("sv-app") ? "false" : "true", name, image) + env.indent(8);
    }

    @Test
    void says_what_there_is_where_a_name_is_not() throws IOException {
        var cli = explain(List.of("participant.yaml"), "participnat");
        assertThat(cli).isEqualTo(new Cli(2, "", """
                        kms-guard: there is nothing to explain of the name participnat; did you mean participant?
                        Try: kms-guard explain --help
                        """));
    }

    @Test
    void says_when_there_is_nothing_to_explain() {
        explainText("apiVersion: v1\nkind: Service\nmetadata: {name: x}\n", "-")
                .says(0, "Nothing to explain: no participant, SV app or governance key Secret here.");
        var cli = explainText("a: [\n", "-");
        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.out()).contains("\nerror: stdin:2: it ends too early");
    }

    @Test
    void refuses_what_makes_no_sense() {
        assertThat(explainText("", "kms-mode", "sv-app").err())
                .startsWith("kms-guard: a rule has one page, and sv-app is too much\n");
        assertThat(explainText("", "-", "--old", "-").err())
                .startsWith("kms-guard: standard input can be the old or the new state, not both\n");
        assertThat(explainText("", "-", "--policy", "absent.yaml"))
                .isEqualTo(new Cli(2, "", "kms-guard: absent.yaml: there is no such file\n"));
    }
}
