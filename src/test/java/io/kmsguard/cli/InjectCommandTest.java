// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InjectCommandTest {

    private static final String CREDENTIALS = Cli.fixture("credentials.yaml");

    private static final String NOTE = "kms-guard: Deployment sv/participant: injected env"
            + " GOOGLE_APPLICATION_CREDENTIALS, volume and mount gcp-credentials from Secret gke-credentials; set"
            + " additionalEnvVars, extraVolumes and extraVolumeMounts in the values of splice-participant 0.7.3 to make this"
            + " unnecessary\n";

    private static final String ADDED = """
                        - name: GOOGLE_APPLICATION_CREDENTIALS
                          value: /app/gcp-credentials.json
                      volumeMounts:
                        - mountPath: /app/gcp-credentials.json
                          name: gcp-credentials
                          subPath: googleCredentials
                  volumes:
                    - name: gcp-credentials
                      secret:
                        secretName: gke-credentials
            """;

    @TempDir
    Path folder;

    private static String text(String fixture) throws IOException {
        return Files.readString(Path.of(Cli.fixture(fixture)));
    }

    private static Cli inject(String in, String... args) {
        return Cli.run(
                in,
                Map.of(),
                Terminals.NONE,
                Stream.concat(Stream.of("inject"), Stream.of(args)).toArray(String[]::new));
    }

    private static void refuses(Cli cli, String message) {
        assertThat(cli).isEqualTo(new Cli(2, "", "kms-guard: " + message + "\n"));
    }

    @Test
    void adds_lines_and_says_what_makes_them_unnecessary() throws IOException {
        var participant = text("participant.yaml");
        assertThat(inject(participant, "--with", CREDENTIALS)).isEqualTo(new Cli(0, participant + ADDED, NOTE));
        assertThat(Cli.run("inject", "--with", CREDENTIALS, Cli.fixture("participant.yaml")))
                .isEqualTo(new Cli(0, participant + ADDED, NOTE));
        assertThat(inject(participant + "---\n" + text("credentials.yaml"), "-"))
                .isEqualTo(new Cli(0, participant + ADDED + "---\n" + text("credentials.yaml"), NOTE));
    }

    @Test
    void adds_nothing_to_its_own_output() throws IOException {
        var once = inject(text("participant.yaml"), "--with", CREDENTIALS).out();
        assertThat(inject(once, "--with", CREDENTIALS)).isEqualTo(new Cli(0, once, ""));
    }

    @Test
    void adds_nothing_where_no_secret_is_known_of() throws IOException {
        assertThat(inject(text("participant.yaml"))).isEqualTo(new Cli(0, text("participant.yaml"), ""));
    }

    @Test
    void adds_nothing_where_the_service_account_has_an_identity() throws IOException {
        var account = folder.resolve("account.yaml");
        Files.writeString(account, """
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: default
                  namespace: sv
                  annotations: {iam.gke.io/gcp-service-account: "canton@example.iam"}
                """);
        assertThat(inject(text("participant.yaml"), "--with", CREDENTIALS, "--with", account.toString()))
                .isEqualTo(new Cli(0, text("participant.yaml"), ""));
    }

    @Test
    void follows_the_policy_and_says_what_is_wrong_with_it() throws IOException {
        var policy = folder.resolve("policy.yaml");
        var off = "apiVersion: kms-guard.io/v1\nkind: GuardPolicy\ninjection: {credentials: \"off\"}\n";
        Files.writeString(policy, off);
        assertThat(inject(text("participant.yaml"), "--with", CREDENTIALS, "--policy", policy.toString()))
                .isEqualTo(new Cli(0, text("participant.yaml"), ""));
        refuses(inject("", "--policy", "absent.yaml"), "absent.yaml: there is no such file");
    }

    @Test
    void takes_the_namespace_that_helm_works_in() throws IOException {
        var participant = text("participant.yaml").replace("  namespace: sv\n", "");
        var note = NOTE.replace(" sv/", " mine/");
        var credentials = folder.resolve("c.yaml");
        Files.writeString(credentials, text("credentials.yaml").replace("namespace: sv", "namespace: mine"));
        var added = new Cli(0, participant + ADDED, note);
        assertThat(inject(participant, "-n", "mine", "--with", credentials.toString()))
                .isEqualTo(added);
        var helm = Map.of("HELM_NAMESPACE", "mine");
        assertThat(Cli.run(participant, helm, Terminals.NONE, "inject", "--with", credentials.toString()))
                .isEqualTo(added);
        assertThat(inject(participant, "--with", credentials.toString())).isEqualTo(new Cli(0, participant, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "# nothing\r\n---\r\n\r\n",
                "\uFEFFkind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\ndata: {a: \"\\x41\", b: !!str 1, c: &x [1,2 , 3], d: *x}",
                "{\"kind\": \"Event\",\t\"apiVersion\":\"v1\"}\r{\"kind\":\"Secret\",\"apiVersion\":\"v1\","
                        + "\"metadata\":{\"name\":\"é😀\"}}",
                "--- # Source: a.yaml\n\n\napiVersion:   example.com/v1 \nkind: 'Unknown'  # é\n...\n# end",
            })
    void prints_other_manifests_as_they_are(String text) {
        assertThat(inject(text)).isEqualTo(new Cli(0, text, ""));
    }

    @Test
    void passes_on_what_is_no_kubernetes_object_and_says_so() {
        var text = "a: b\n---\n- x\n---\nkind: Service\napiVersion: v1\n";
        assertThat(inject(text)).isEqualTo(new Cli(0, text, """
                        kms-guard: stdin:1: this is no Kubernetes object: it has no apiVersion and no kind (values are rendered by helm template); passed on as it is
                        kms-guard: stdin:3: this is a list, not a Kubernetes object; passed on as it is
                        kms-guard: stdin:5: this Service has no metadata.name; passed on as it is
                        """));
    }

    @Test
    void prints_nothing_where_the_input_is_bad() throws IOException {
        refuses(
                inject(text("participant.yaml") + "---\na: {\n"),
                "stdin:44: it ends too early, within something that was opened before");
        refuses(inject("", "absent.yaml"), "absent.yaml: there is no such file");
        refuses(inject("", "--with", "absent.yaml"), "absent.yaml: there is no such file");
        refuses(
                inject("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: 7\n"),
                "stdin:4: Deployment default/a: /spec/template/spec/containers is no list of containers");
    }

    @Test
    void prints_nothing_where_it_cannot_add_without_touching_other_places() throws IOException {
        var shared = text("participant.yaml").replace("env:\n", "env: &env\n")
                + "        - name: other\n          env: *env\n";
        refuses(
                inject(shared, "--with", CREDENTIALS),
                "stdin:28: Deployment participant: /spec/template/spec/containers/0/env: an anchor (&) and its aliases (*)"
                        + " share it with another place, so that nothing can be added to it alone; write it out in both"
                        + " places");
    }

    @Test
    void refuses_what_is_no_utf_8() {
        var in = new ByteArrayInputStream(new byte[] {'a', ':', (byte) 0xE9});
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        assertThat(run(in, out, err)).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("kms-guard: stdin: this is not text in UTF-8\n");
    }

    private static int run(InputStream in, OutputStream out, OutputStream err) {
        return Main.run(
                in,
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                Map.of(),
                "inject");
    }

    @Test
    void says_that_its_output_was_not_taken() {
        var err = new ByteArrayOutputStream();
        var closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        assertThat(run(new ByteArrayInputStream(new byte[] {'#'}), closed, err)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("kms-guard: standard output was closed or is full, so not everything was printed\n");
    }

    @Test
    void says_what_check_would_deny_and_stops_there_if_asked() throws IOException {
        var both = text("participant.yaml") + text("sv-without-flag.yaml");
        var warned = inject(both);
        assertThat(warned.exitCode()).isZero();
        assertThat(warned.out()).isEqualTo(both);
        assertThat(warned.err())
                .startsWith("kms-guard: check denies Deployment sv/sv-app: container sv-app: ")
                .endsWith(" [more: kms-guard explain governance-key-flag]\n")
                .hasLineCount(1);
        assertThat(inject(both, "--check")).isEqualTo(new Cli(1, "", warned.err()));
        assertThat(inject(text("participant.yaml"), "--check", "--with", CREDENTIALS)
                        .exitCode())
                .isZero();
    }

    @Test
    void judges_against_what_runs() throws IOException {
        var cli = Cli.run(
                "inject",
                "--check",
                "--with",
                Cli.fixture("participant.yaml"),
                Cli.fixture("participant-without-kms.yaml"));
        assertThat(cli.exitCode()).isEqualTo(1);
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err()).contains("this update takes the participant off its KMS");
    }

    @Test
    void asks_for_input_on_a_terminal_and_for_one_meaning_of_it() {
        assertThat(Cli.run("", Map.of(), new Terminals(true, true, true), "inject"))
                .isEqualTo(new Cli(
                        2, "", "kms-guard: name a file, or - for standard input\nTry: kms-guard inject --help\n"));
        assertThat(inject("", "--with", "-")).isEqualTo(new Cli(2, "", """
                        kms-guard: standard input cannot be the manifests and --with both
                        Try: kms-guard inject --help
                        """));
    }
}
