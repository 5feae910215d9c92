// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Keys;
import io.kmsguard.splice.KeyPair;
import io.kmsguard.splice.KeyText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeysCommandTest {

    private static final Terminals ON_A_TERMINAL = new Terminals(true, true, true);
    private static final String SECRET = "splice-app-sv-cometbft-governance-key";

    @TempDir
    Path folder;

    private static Cli run(String in, String... args) {
        return Cli.run(in, Map.of(), Terminals.NONE, args);
    }

    private static String keyFile(String first, String text, String second, String otherText) {
        return "{\n  \"" + first + "\": \"" + text + "\",\n  \"" + second + "\": \"" + otherText + "\"\n}\n";
    }

    private static String fingerprint(String publicKey) {
        return KeyPair.fingerprint(Optional.of(KeyText.of(publicKey)), Optional.empty())
                .orElseThrow();
    }

    /** The text under a key of the manifest that was printed. */
    private static String text(String manifest, String key) {
        var line = manifest.lines()
                .filter(each -> each.startsWith("  " + key + ": "))
                .findFirst()
                .orElseThrow();
        return new String(
                Base64.getDecoder().decode(line.substring(line.indexOf(": ") + 2)), StandardCharsets.US_ASCII);
    }

    @Test
    void prints_the_secret_of_a_new_pair_and_nothing_else() {
        var cli = Cli.run("keys", "generate", "-n", "sv");
        var publicKey = text(cli.out(), "public");
        assertThat(cli.out().replaceAll(": [A-Za-z0-9+/=]{60}\n", ": …\n")).isEqualTo("""
                        apiVersion: v1
                        kind: Secret
                        metadata:
                          name: splice-app-sv-cometbft-governance-key
                          namespace: sv
                        type: Opaque
                        data:
                          public: …
                          private: …
                        """);
        assertThat(cli.err())
                .isEqualTo("kms-guard: a new pair for Secret sv/" + SECRET + ": public key " + publicKey
                        + ", fingerprint " + fingerprint(publicKey)
                        + "\nkms-guard: see whether it arrived: kubectl -n sv get secret " + SECRET
                        + " -o yaml | kms-guard keys verify -\n");
        assertThat(cli.exitCode()).isZero();
    }

    @Test
    void leaves_the_namespace_to_kubectl_where_none_is_named() {
        var cli = Cli.run("keys", "generate");
        assertThat(cli.out()).contains("  name: " + SECRET + "\ntype: Opaque\n");
        assertThat(cli.err()).contains("for Secret " + SECRET + ": ", ": kubectl get secret " + SECRET + " -o yaml");
    }

    @Test
    void what_it_makes_can_be_used() {
        var made = Cli.run("keys", "generate", "-n", "sv");
        run(made.out(), "keys", "verify", "-")
                .says(
                        0,
                        "good   Secret sv/" + SECRET + "  stdin:1",
                        "  keys public and private are one Ed25519 pair, fingerprint "
                                + fingerprint(text(made.out(), "public")));
    }

    @Test
    void the_sv_that_uses_it_is_allowed() {
        var made = Cli.run("keys", "generate", "-n", "sv");
        var files = List.of("participant.yaml", "credentials.yaml", "sv-with-flag.yaml");
        var args = files.stream().map(Cli::fixture).toList();
        var cli = Cli.checkText(made.out(), "-", args.get(0), args.get(1), args.get(2), "--fail-on", "warn");
        assertThat(cli.out())
                .contains("allowed  Secret sv/" + SECRET + "  stdin:1", "allowed  Deployment sv/sv-app (sv-app)");
        assertThat(cli.exitCode()).isZero();
    }

    @Test
    void shows_no_private_key_on_a_terminal_unless_told_to() {
        var refused = Cli.run("", Map.of(), ON_A_TERMINAL, "keys", "generate");
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .isEqualTo("kms-guard: the manifest holds a private key, and standard output is a terminal; hand it on"
                        + " (kms-guard keys generate … | kubectl apply -f -), write it to a file (--out FILE), or say"
                        + " --print\nTry: kms-guard keys generate --help\n");
        assertThat(refused.exitCode()).isEqualTo(2);
        var printed = Cli.run("", Map.of(), ON_A_TERMINAL, "keys", "generate", "--print");
        assertThat(printed.out()).startsWith("apiVersion: v1\n");
        assertThat(printed.exitCode()).isZero();
    }

    @Test
    void writes_a_file_that_only_its_owner_may_read_and_never_over_another() throws IOException {
        var file = folder.resolve("secret.yaml");
        var cli = Cli.run("", Map.of(), ON_A_TERMINAL, "keys", "generate", "-n", "sv", "--out", file.toString());
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err()).contains("kms-guard: apply it: kubectl -n sv apply -f " + file + "\n");
        assertThat(cli.exitCode()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var written = Files.readString(file);
        assertThat(Cli.run("keys", "verify", file.toString()).exitCode()).isZero();
        assertThat(cli.err()).doesNotContain(text(written, "private"));

        var again = Cli.run("keys", "generate", "--out", file.toString());
        assertThat(again.err())
                .isEqualTo("kms-guard: " + file
                        + " is there already, and a key is never overwritten; name another file\n");
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(file).hasContent(written);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void follows_no_link_and_says_what_keeps_it_from_writing() throws IOException {
        var link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("elsewhere"));
        assertThat(Cli.run("keys", "generate", "--out", link.toString()).exitCode())
                .isEqualTo(2);
        assertThat(folder.resolve("elsewhere")).doesNotExist();
        var lost = folder.resolve("no").resolve("secret.yaml");
        assertThat(Cli.run("keys", "generate", "--out", lost.toString()).err())
                .isEqualTo("kms-guard: " + lost + " cannot be written: its folder is not there\n");
    }

    @Test
    void does_not_speak_of_a_pair_that_nobody_got() {
        var err = new java.io.ByteArrayOutputStream();
        var full = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("disk full");
                    }
                },
                false,
                StandardCharsets.UTF_8);
        var session = new Session(
                InputStream.nullInputStream(),
                full,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                Terminals.NONE);
        assertThat(Main.run(session, "keys", "generate")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("kms-guard: standard output does not take the manifest, and nothing was kept\n");
    }

    @Test
    void takes_names_from_options_or_from_the_policy_file() throws IOException {
        var policy = folder.resolve("policy.yaml");
        Files.writeString(policy, """
                apiVersion: kms-guard.io/v1
                kind: GuardPolicy
                secrets:
                  governanceKey: {name: own, publicKey: point, privateKey: seed}
                """);
        assertThat(Cli.run("keys", "generate", "--policy", policy.toString()).out())
                .contains("  name: own\n", "  point: ", "  seed: ");
        assertThat(Cli.run("keys", "generate", "--policy", policy.toString(), "--name", "other", "--keys", "a,b")
                        .out())
                .contains("  name: other\n", "  a: ", "  b: ");
        assertThat(Cli.run("keys", "generate", "--policy", "absent.yaml").err())
                .startsWith("kms-guard: absent.yaml: there is no such file\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "on", "1e3"})
    void quotes_a_namespace_that_yaml_would_take_for_something_else(String namespace) {
        var made = Cli.run("keys", "generate", "-n", namespace);
        assertThat(made.out()).contains("\n  namespace: \"" + namespace + "\"\n");
        assertThat(run(made.out(), "keys", "verify", "-").out())
                .startsWith("good   Secret " + namespace + "/" + SECRET + "  ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    -n     | a.b       | a namespace cannot be named "a.b"
                    -n     | -x        | a namespace cannot be named "-x"
                    --name | Upper     | a Secret cannot be named "Upper"
                    --name | 'a: b'    | a Secret cannot be named "a: b"
                    --keys | public    | --keys takes two names, as in --keys public,private, and not "public"
                    --keys | a,a       | --keys takes two names, as in --keys public,private, and not "a,a"
                    --keys | a,b,c     | --keys takes two names, as in --keys public,private, and not "a,b,c"
                    --keys | 'a,{b'    | a key of a Secret cannot be named "{b"
                    """)
    void refuses_names_that_kubernetes_would_refuse(String option, String value, String message) {
        var cli = Cli.run("keys", "generate", option + "=" + value);
        assertThat(cli.err()).isEqualTo("kms-guard: " + message + "\nTry: kms-guard keys generate --help\n");
        assertThat(cli.out()).isEmpty();
        assertThat(cli.exitCode()).isEqualTo(2);
    }

    @Test
    void makes_the_secret_from_the_file_of_the_guides_script_and_from_one_like_its_sample() {
        var keys = Keys.generate();
        for (var file : List.of(
                keyFile("publicKey", keys.publicKey(), "privateKey", keys.privateKey()),
                keyFile("public", keys.publicKey(), "private", keys.privateKey()))) {
            var cli = run(file, "keys", "secret", "-n", "sv", "-");
            assertThat(text(cli.out(), "public")).isEqualTo(keys.publicKey());
            assertThat(text(cli.out(), "private")).isEqualTo(keys.privateKey());
            assertThat(cli.err()).startsWith("kms-guard: the pair of stdin for Secret sv/" + SECRET + ": public key ");
            assertThat(cli.exitCode()).isZero();
        }
    }

    @Test
    void makes_the_secret_from_one_with_the_guides_names() {
        var keys = Keys.generate();
        var guides = "apiVersion: v1\nkind: Secret\nmetadata: {name: " + SECRET + "}\nstringData: {publicKey: "
                + keys.publicKey() + ", privateKey: " + keys.privateKey() + "}\n";
        var cli = run(guides, "keys", "secret", "-");
        assertThat(text(cli.out(), "private")).isEqualTo(keys.privateKey());
        assertThat(cli.exitCode()).isZero();
    }

    @Test
    void makes_no_secret_of_what_is_no_pair() {
        var keys = Keys.generate();
        var cli = run(keyFile("publicKey", keys.privateKey(), "privateKey", keys.publicKey()), "keys", "secret", "-");
        assertThat(cli.err())
                .isEqualTo("kms-guard: stdin: the private key is swapped with the public half. Fix: exchange the two;"
                        + " make a new pair if anybody could read the public half\n");
        assertThat(cli.out()).isEmpty();
        assertThat(cli.exitCode()).isEqualTo(1);
        var half = run("{\"publicKey\": \"" + keys.publicKey() + "\"}", "keys", "secret", "-");
        assertThat(half.err())
                .isEqualTo(
                        "kms-guard: stdin: one half of the pair is not there; it is looked for as publicKey or public,"
                                + " and privateKey or private\n");
        assertThat(half.exitCode()).isEqualTo(1);
        var made = Cli.run("keys", "generate", "-n", "a").out() + "---\n"
                + Cli.run("keys", "generate", "-n", "b").out();
        assertThat(run(made, "keys", "secret", "-").err())
                .isEqualTo("kms-guard: stdin: there are several such Secrets in it; leave one\n");
        assertThat(Cli.run("", Map.of(), ON_A_TERMINAL, "keys", "secret", "-").exitCode())
                .isEqualTo(2);
    }

    @Test
    void keys_alone_says_what_there_is() {
        var cli = Cli.run("keys");
        assertThat(cli.err()).startsWith("Usage: kms-guard keys [-h] COMMAND\n").contains("  generate ", "  verify ");
        assertThat(cli.exitCode()).isEqualTo(2);
    }
}
