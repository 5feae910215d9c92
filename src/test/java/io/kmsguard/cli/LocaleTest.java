// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File names that are not ASCII, in a process of its own, since a JVM has one locale. */
class LocaleTest {

    /** The name is made by the shell: what this JVM can hand on depends on its own locale. */
    private static final String SCRIPT = """
            name=$(printf 'm\\303\\274ller.yaml')
            mkdir -p "$FOLDER/in" && echo 'a: [' >"$FOLDER/in/$name" && cd "$FOLDER" || exit 9
            exec "$JAVA" -cp "$CLASSES" io.kmsguard.cli.Main "$@" "in${WHOLE-/$name}"
            """;

    @TempDir
    private Path folder;

    private Cli run(String locale, boolean whole, String... args) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh"));
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command);
        var env = builder.environment();
        env.put("LC_ALL", locale);
        env.put("FOLDER", folder.toString());
        env.put("JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        env.put("CLASSES", System.getProperty("java.class.path"));
        env.remove("WHOLE");
        if (whole) {
            env.put("WHOLE", "");
        }
        var process = builder.start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Cli(process.waitFor(), out, err);
    }

    private static void isTold(Cli cli, String name, String problem) {
        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.err()).doesNotContain("bug");
        assertThat(cli.out() + cli.err()).contains(name).contains(problem);
    }

    @Test
    void a_file_is_read_where_the_locale_knows_its_name() throws Exception {
        isTold(run("C.UTF-8", false, "check"), "in/m\u00FCller.yaml", "it ends too early");
    }

    @Test
    void a_file_is_refused_with_the_way_out_where_the_locale_does_not() throws Exception {
        var problem = "this name has characters that the locale does not know; set LC_ALL=C.UTF-8";
        isTold(run("C", false, "check"), "in/m", problem);
        isTold(run("C", false, "inject"), "in/m", problem);
        isTold(run("C", false, "keys", "verify"), "in/m", problem);
    }

    @Test
    void a_file_of_a_folder_is_read_whatever_the_locale() throws Exception {
        isTold(run("C", true, "check"), "ller.yaml", "it ends too early");
    }
}
