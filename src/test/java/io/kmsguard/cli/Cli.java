// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs the command line in this process, and keeps what it said. */
record Cli(int exitCode, String out, String err) {

    private static final Path FIXTURES = Path.of("src", "test", "resources", "check");

    static Cli run(String... args) {
        return run("", Map.of(), Terminals.NONE, args);
    }

    static Cli run(String in, Map<String, String> env, Terminals terminals, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var session = new Session(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                env,
                terminals);
        var exitCode = Main.run(session, args);
        return new Cli(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs check with names of fixtures; options stay as they are. */
    static Cli check(String... args) {
        return run(Stream.concat(Stream.of("check"), Stream.of(args).map(Cli::fixture))
                .toArray(String[]::new));
    }

    static Cli checkText(String in, String... args) {
        return run(
                in,
                Map.of(),
                Terminals.NONE,
                Stream.concat(Stream.of("check"), Stream.of(args)).toArray(String[]::new));
    }

    static String fixture(String name) {
        return name.endsWith(".yaml") ? FIXTURES.resolve(name).toString() : name;
    }

    /** Asserts the whole of standard output, and that nothing else was said. */
    void says(int code, String... lines) {
        assertThat(List.of(err, out, exitCode)).isEqualTo(List.of("", String.join("\n", lines) + "\n", code));
    }
}
