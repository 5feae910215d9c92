// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeysVerifyCommandTest {

    private static final Keys KEYS = Keys.generate();
    private static final String SECRET = "splice-app-sv-cometbft-governance-key";

    private static Cli verify(String in, String... options) {
        var args = new ArrayList<>(List.of("keys", "verify", "-n", "sv", "-"));
        args.addAll(List.of(options));
        return Cli.run(in, Map.of(), Terminals.NONE, args.toArray(String[]::new));
    }

    private static String secret(String name, String content) {
        return "apiVersion: v1\nkind: Secret\nmetadata: {name: " + name + "}\n" + content + "\n";
    }

    private static String pair(String publicName, String privateName) {
        return "stringData: {" + publicName + ": \"" + KEYS.publicKey() + "\", " + privateName + ": \""
                + KEYS.privateKey() + "\"}";
    }

    @Test
    void a_key_file_that_can_be_used() {
        var cli =
                verify("{\"publicKey\": \"" + KEYS.publicKey() + "\", \"privateKey\": \"" + KEYS.privateKey() + "\"}");
        assertThat(cli.out())
                .startsWith("good   Key file  stdin:1\n  keys public and private are one Ed25519 pair, fingerprint ");
        assertThat(cli.exitCode()).isZero();
    }

    @Test
    void each_half_is_told_apart() {
        var cli = verify(secret(SECRET, "stringData: {public: \"" + KEYS.publicKey() + "\", private: \"x\"}"));
        cli.says(
                1,
                "WRONG  Secret sv/" + SECRET + "  stdin:1",
                "  key public on its own is 32 bytes in base64, as it should be",
                "  governance-key-format: key private is not base64.",
                "  Fix: openssl pkey -in key.pem -outform DER | tail -c 32 | base64 -w0");
    }

    @Test
    void a_secret_as_the_guide_names_its_keys() {
        var cli = verify(secret(SECRET, pair("publicKey", "privateKey")));
        assertThat(cli.out())
                .startsWith(
                        "WRONG  Secret sv/" + SECRET + "  stdin:1\n  governance-key-secret: the Secret lacks the keys"
                                + " private and public; it has privateKey and publicKey, as the guide's commands write them");
        assertThat(cli.exitCode()).isEqualTo(1);
    }

    @Test
    void a_pair_that_the_whole_world_knows() {
        var zero = Keys.ofZeroSeed();
        var cli = verify("{\"public\": \"" + zero.publicKey() + "\", \"private\": \"" + zero.privateKey() + "\"}");
        assertThat(cli.out())
                .contains("  governance-key-published: the Secret: the governance key is made of 32 zero bytes, so that"
                        + " anybody can vote as this SV.\n");
        assertThat(cli.exitCode()).isEqualTo(1);
    }

    @Test
    void references_that_only_the_pod_resolves() {
        verify(secret(SECRET, "stringData: {public: \"vault:a#b\", private: \"vault:a#c\"}"))
                .says(
                        0,
                        "good   Secret sv/" + SECRET + "  stdin:1",
                        "  holds vault: references, which only the pod resolves");
    }

    @Test
    void the_only_secret_whatever_its_name_and_of_several_the_one_that_is_asked_for() {
        var other = secret("other", pair("public", "private"));
        assertThat(verify(other).out()).startsWith("good   Secret sv/other  stdin:1\n");
        var both = other + "---\n" + secret("another", "stringData: {}");
        assertThat(verify(both, "--name", "other").out()).startsWith("good   Secret sv/other  stdin:1\n");
        var none = verify(both);
        assertThat(none.err())
                .isEqualTo("kms-guard: stdin: there is no Secret " + SECRET
                        + " in it, and it is no key file with publicKey and privateKey\n");
        assertThat(none.exitCode()).isEqualTo(2);
    }

    @Test
    void other_key_names() {
        assertThat(verify(secret(SECRET, pair("point", "seed")), "--keys", "point,seed")
                        .out())
                .contains("\n  keys point and seed are one Ed25519 pair, ");
    }

    @Test
    void what_cannot_be_read() {
        assertThat(verify("-----BEGIN PRIVATE KEY-----\n").err())
                .isEqualTo("kms-guard: stdin: this is a PEM file, and a Secret takes the bare keys; kms-guard keys"
                        + " generate makes a pair and its Secret at once\n");
        assertThat(verify("a: b\n").exitCode()).isEqualTo(2);
        assertThat(verify("").exitCode()).isEqualTo(2);
        var absent = Cli.run("keys", "verify", "no/such.json");
        assertThat(absent.err()).isEqualTo("kms-guard: no/such.json: there is no such file\n");
        assertThat(absent.exitCode()).isEqualTo(2);
        assertThat(Cli.run("keys", "verify", "src").err()).startsWith("kms-guard: src: this cannot be read (");
        assertThat(Cli.run("keys", "verify", "x\0y").err()).endsWith(": this is no name that a file can have\n");
    }

    @Test
    void a_broken_document_beside_a_good_one() {
        var cli = verify(secret(SECRET, pair("public", "private")) + "---\n{a: ]\n");
        assertThat(cli.out()).startsWith("good ");
        assertThat(cli.err()).startsWith("kms-guard: stdin:6: ");
        assertThat(cli.exitCode()).isEqualTo(2);
    }
}
