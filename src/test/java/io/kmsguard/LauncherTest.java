// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code kms-guard} in a checkout whose Maven makes a jar of one line, and whose Java prints it. */
class LauncherTest {

    private static final String BUILDS =
            "echo built >>builds\nmkdir -p target\necho jar $(wc -l <builds) >target/kms-guard.jar\n";

    @TempDir
    private Path home;

    @BeforeEach
    void checkout() throws IOException {
        Files.copy(Path.of("kms-guard"), home.resolve("kms-guard"));
        write("pom.xml", "");
        write("LICENSE", "");
        write("jdk/release", "JAVA_VERSION=\"17.0.15\"\n");
        script("jdk/bin/javac", "");
        script(
                "jdk/bin/java",
                "while [ \"$1\" != -jar ]; do shift; done\ncat \"$2\"\nshift 2\necho \"${LC_ALL-none} $*\"\n");
        script("mvnw", BUILDS);
        for (var file : List.of("pom.xml", "LICENSE")) {
            Files.setLastModifiedTime(home.resolve(file), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        }
        Files.createDirectories(home.resolve("src/main"));
        Files.createDirectories(home.resolve("docs/rules"));
        for (var folder : List.of("src/main", "docs/rules")) {
            Files.setLastModifiedTime(home.resolve(folder), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        }
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(home.resolve(file).getParent());
        Files.writeString(home.resolve(file), text);
    }

    private void script(String file, String text) throws IOException {
        write(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(home.resolve(file), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process start(Map<String, String> env) throws IOException {
        var builder = new ProcessBuilder(home.resolve("kms-guard").toString(), "check", "a b");
        Stream.of("LC_ALL", "LC_CTYPE", "LANG").forEach(builder.environment()::remove);
        builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
        builder.environment().putAll(env);
        return builder.start();
    }

    private static String out(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String run(Map<String, String> env) throws IOException, InterruptedException {
        var process = start(env);
        var out = out(process);
        assertThat(process.waitFor()).isZero();
        return out;
    }

    private String run() throws IOException, InterruptedException {
        return run(Map.of("LANG", "de_DE.UTF-8"));
    }

    private void leavesNoLock() {
        assertThat(Stream.of("", ".maven", ".clearing")
                        .map(end -> home.resolve("target/kms-guard.lock" + end))
                        .filter(path -> Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)))
                .isEmpty();
    }

    /** A Maven that waits in the middle until there is a file {@code go}. */
    private void slowMaven() throws IOException {
        script(
                "mvnw",
                "mkdir -p target\necho half >target/kms-guard.jar\necho >begun\nuntil [ -f go ]; do sleep 0.1; done\n"
                        + BUILDS);
    }

    private void awaitBuild(Process launcher) throws IOException {
        var said = launcher.errorReader(StandardCharsets.UTF_8).readLine();
        assertThat(said).startsWith("kms-guard: building the jar");
        while (!Files.exists(home.resolve("begun"))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void builds_once_and_again_when_a_source_is_newer() throws Exception {
        assertThat(run()).isEqualTo("jar 1\nnone check a b\n");
        assertThat(run()).startsWith("jar 1\n");
        write("src/main/New.java", "");
        Files.setLastModifiedTime(
                home.resolve("src/main/New.java"), FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run()).startsWith("jar 2\n");
        leavesNoLock();
    }

    @Test
    void two_first_uses_at_one_time_build_once() throws Exception {
        slowMaven();
        var one = start(Map.of());
        awaitBuild(one);
        var other = start(Map.of());
        assertThat(other.errorReader(StandardCharsets.UTF_8).readLine())
                .isEqualTo("kms-guard: waiting for another kms-guard that builds the jar ...");
        write("go", "");
        assertThat(out(one)).startsWith("jar 1\n");
        assertThat(out(other)).startsWith("jar 1\n");
        leavesNoLock();
    }

    @Test
    void a_build_that_was_killed_is_done_anew() throws Exception {
        slowMaven();
        var killed = start(Map.of());
        awaitBuild(killed);
        var maven = killed.descendants().toList();
        killed.destroyForcibly().waitFor();
        maven.forEach(ProcessHandle::destroyForcibly);
        for (var process : maven) {
            process.onExit().get();
        }
        script("mvnw", BUILDS);
        assertThat(run()).startsWith("jar 1\n");
        leavesNoLock();
    }

    @Test
    void a_build_that_is_told_to_end_ends_with_its_maven() throws Exception {
        slowMaven();
        var told = start(Map.of());
        awaitBuild(told);
        var maven = told.descendants().toList();
        assertThat(maven).isNotEmpty();
        told.destroy();
        assertThat(told.waitFor()).isEqualTo(143);
        leavesNoLock();
        maven.get(0).onExit().get();
        maven.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void a_jar_that_another_build_broke_is_not_taken() throws Exception {
        run();
        write("target/kms-guard.jar", "broken");
        assertThat(run()).startsWith("jar 1\n");
    }

    @Test
    void a_build_that_fails_leaves_nothing_to_take() throws Exception {
        script("mvnw", "echo trouble\nexit 1\n");
        var failed = start(Map.of());
        assertThat(failed.waitFor()).isEqualTo(2);
        assertThat(new String(failed.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("trouble\nkms-guard: the build failed; the end of its log is above, all of it in ");
        leavesNoLock();
        script("mvnw", BUILDS);
        assertThat(run()).startsWith("jar 1\n");
    }

    @Test
    void java_gets_a_locale_that_knows_all_characters_where_there_is_none() throws Exception {
        assertThat(run(Map.of())).endsWith("C.UTF-8 check a b\n");
        assertThat(run(Map.of("LC_ALL", "C"))).endsWith("C.UTF-8 check a b\n");
        assertThat(run(Map.of("LANG", "POSIX"))).endsWith("C.UTF-8 check a b\n");
        assertThat(run(Map.of("LANG", "de_DE.UTF-8"))).endsWith("none check a b\n");
        assertThat(run(Map.of("LC_ALL", "de_DE.ISO-8859-1"))).endsWith("de_DE.ISO-8859-1 check a b\n");
    }
}
