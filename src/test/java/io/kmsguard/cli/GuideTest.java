// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kmsguard.policy.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The published guide, followed to the letter: what comes of it is refused, and what the refusal says mends it. The facts
 * are those of the Splice documentation, "Security Hardening".
 */
class GuideTest {

    /** As the guide writes it, on one line. */
    private static final MendingCommand GUIDES =
            new MendingCommand("kubectl create secret --namespace sv generic splice-app-sv-cometbft-governance-key"
                    + " --from-literal=publicKey=\"$(jq -r .public cometbft-governance-keys.json)\""
                    + " --from-literal=privateKey=\"$(jq -r .private cometbft-governance-keys.json)\"");

    private static final List<String> SV = List.of(
            "examples/sv-with-key", Path.of(Cli.fixture("credentials.yaml")).toString());

    private static final JsonMapper JSON = new JsonMapper();
    private static final Keys KEYS = Keys.generate();

    @TempDir
    Path folder;

    /** What the guide's key script prints. */
    private static String scriptOutput() {
        return "{\n  \"publicKey\": \"" + KEYS.publicKey() + "\",\n  \"privateKey\": \"" + KEYS.privateKey()
                + "\"\n}\n";
    }

    /** What the guide says that its script prints. */
    private static String sampleOutput() {
        return scriptOutput().replace("publicKey", "public").replace("privateKey", "private");
    }

    private static Cli check(String secret) {
        return Cli.checkText(
                secret, Stream.concat(Stream.of("-o", "json", "-"), SV.stream()).toArray(String[]::new));
    }

    private static JsonNode results(Cli cli) {
        return JSON.readTree(cli.out()).path("results");
    }

    private static void assertAllowed(String secret) {
        var cli = check(secret);
        assertThat(results(cli).findValuesAsString("decision")).containsExactly("allow", "allow", "allow");
        assertThat(cli.exitCode()).isZero();
    }

    private static String fix(Cli cli) {
        var fixes = results(cli).findValuesAsString("fix").stream().distinct().toList();
        assertThat(fixes).hasSize(1);
        return fixes.get(0);
    }

    @Test
    void its_commands_make_a_secret_of_null_under_names_that_nothing_reads() {
        var secret = JSON.readTree(GUIDES.run(scriptOutput()));
        assertThat(secret.at("/data/publicKey").asString()).isEqualTo("bnVsbA==");
        assertThat(secret.at("/data/privateKey").asString()).isEqualTo("bnVsbA==");
        assertThat(secret.path("data")).hasSize(2);
    }

    @Test
    void its_result_is_denied_at_the_secret_and_at_the_sv_that_reads_it() {
        var cli = check(GUIDES.run(scriptOutput()));
        assertThat(cli.exitCode()).isEqualTo(1);
        assertThat(results(cli).findValuesAsString("decision")).containsExactly("deny", "allow", "deny");
        assertThat(results(cli).findValuesAsString("message"))
                .hasSize(2)
                .allSatisfy(message -> assertThat(message)
                        .endsWith(
                                " lacks the keys private and public; it has privateKey and publicKey, as the guide's commands"
                                        + " write them, but the chart reads public and private, and what it holds is the text"
                                        + " null, no key."));
    }

    @Test
    void the_command_of_the_denial_mends_it_from_the_file_of_the_script_and_from_one_like_its_sample() {
        var command = MendingCommand.in(fix(check(GUIDES.run(scriptOutput()))));
        assertAllowed(command.run(scriptOutput()));
        assertAllowed(command.run(sampleOutput()));
    }

    @Test
    void a_file_like_its_sample_gives_good_keys_under_the_wrong_names() {
        var cli = check(GUIDES.run(sampleOutput()));
        assertThat(results(cli).findValuesAsString("message"))
                .hasSize(2)
                .allSatisfy(message -> assertThat(message).endsWith("but the chart reads public and private."));
        assertAllowed(MendingCommand.in(fix(cli)).run(sampleOutput()));
        var mended = Cli.run(GUIDES.run(sampleOutput()), Map.of(), Terminals.NONE, "keys", "secret", "-n", "sv", "-");
        assertAllowed(mended.out());
    }

    @Test
    void the_other_command_of_the_denial_makes_a_new_pair() {
        assertThat(fix(check(GUIDES.run(scriptOutput()))))
                .endsWith("; or with a new pair: kms-guard keys generate -n sv | kubectl apply -f -");
        assertAllowed(Cli.run("keys", "generate", "-n", "sv").out());
    }

    @Test
    void keys_secret_does_the_same_as_the_command() {
        for (var file : List.of(scriptOutput(), sampleOutput())) {
            assertAllowed(Cli.run(file, Map.of(), Terminals.NONE, "keys", "secret", "-n", "sv", "-")
                    .out());
        }
    }

    @Test
    void a_real_shell_with_jq_and_kubectl_does_what_the_test_takes_the_commands_to_do() throws Exception {
        assumeTrue(hasTools(), "bash, jq or kubectl is not installed");
        var file = Files.writeString(folder.resolve("cometbft-governance-keys.json"), scriptOutput());
        var guides = shell(GUIDES.text() + " --dry-run=client -o yaml");
        assertThat(guides).contains("publicKey: bnVsbA==", "privateKey: bnVsbA==");
        var denied = check(guides);
        assertThat(denied.exitCode()).isEqualTo(1);
        var mended = shell(MendingCommand.in(fix(denied))
                .text()
                .replace("FILE", file.getFileName().toString()));
        assertAllowed(mended);
    }

    private static boolean hasTools() {
        return Stream.of("bash", "jq", "kubectl")
                .allMatch(tool -> Stream.of(
                                System.getenv().getOrDefault("PATH", "").split(":"))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, tool))));
    }

    private String shell(String command) throws IOException, InterruptedException {
        var out = folder.resolve("out");
        var builder = new ProcessBuilder("bash", "-c", command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // No cluster is asked, and none may be.
        builder.environment().put("KUBECONFIG", folder.resolve("none").toString());
        var process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
