// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The post-renderer plugin of Helm 4: what its manifest says, and its script. */
class HelmPluginTest {

    private static final Path PLUGIN = Path.of("manifests", "helm-plugin");

    @TempDir
    Path folder;

    private record Run(int exitCode, String out, String err) {}

    /** Starts the script under a shell that takes the place of Helm, whose standard error it looks for. */
    private Run run(Path script, String in, Map<String, String> env, String... args) throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc to find Helm's standard error in");
        var command = new ArrayList<>(List.of("sh", "-c", "exec 3<&0; sh \"$@\" 2>/dev/null <&3 & wait $!", "helm"));
        command.add(script.toString());
        command.addAll(List.of(args));
        var input = Files.writeString(folder.resolve("in"), in);
        var builder = new ProcessBuilder(command).redirectInput(input.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("KMS_GUARD"));
        builder.environment().putAll(env);
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out, err);
    }

    private Path guard(String name, int exitCode) throws IOException {
        var guard = folder.resolve(name);
        Files.writeString(guard, "#!/bin/sh\necho \"$@\"\ncat\necho a note >&2\nexit " + exitCode + "\n");
        assertThat(guard.toFile().setExecutable(true)).isTrue();
        return guard;
    }

    @Test
    void is_a_post_renderer_of_this_version() throws IOException {
        Map<String, Object> plugin = new Yaml().load(Files.readString(PLUGIN.resolve("plugin.yaml")));
        var version =
                SourceTree.text(Path.of("pom.xml")).split("<version>", 2)[1].split("-SNAPSHOT|<", 2)[0];
        assertThat(plugin)
                .isEqualTo(Map.of(
                        "apiVersion", "v1",
                        "type", "postrenderer/v1",
                        "name", "kms-guard",
                        "version", version,
                        "runtime", "subprocess",
                        "runtimeConfig",
                                Map.of(
                                        "platformCommand",
                                        List.of(Map.of("command", "${HELM_PLUGIN_DIR}/post-render.sh")))));
        assertThat(Files.isExecutable(PLUGIN.resolve("post-render.sh"))).isTrue();
    }

    @Test
    void passes_on_manifests_arguments_and_exit_code_and_says_its_notes_to_helm() throws Exception {
        for (var exitCode : List.of(0, 1, 2)) {
            var env = Map.of("KMS_GUARD", guard("guard", exitCode).toString());
            assertThat(run(PLUGIN.resolve("post-render.sh"), "kind: X\n", env, "--with", "a b"))
                    .isEqualTo(new Run(exitCode, "inject --with a b\nkind: X\n", "a note\n"));
        }
    }

    @Test
    void finds_the_guard_beside_itself_before_the_path() throws Exception {
        var script = folder.resolve("post-render.sh");
        Files.copy(PLUGIN.resolve("post-render.sh"), script);
        Files.createDirectory(folder.resolve("bin"));
        guard("bin/kms-guard", 7);
        var path = Map.of("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        assertThat(run(script, "", path).exitCode()).isEqualTo(7);
        guard("kms-guard", 8);
        assertThat(run(script, "", path).exitCode()).isEqualTo(8);
    }

    @Test
    void says_what_to_do_where_there_is_no_guard() throws Exception {
        var script = folder.resolve("post-render.sh");
        Files.copy(PLUGIN.resolve("post-render.sh"), script);
        var home = folder.toRealPath();
        assertThat(run(script, "", Map.of("PATH", "/usr/bin:/bin")))
                .isEqualTo(new Run(
                        2,
                        "",
                        "kms-guard: not found: put kms-guard.jar into " + home
                                + ", or kms-guard on the path, or name it by KMS_GUARD\n"));
    }
}
