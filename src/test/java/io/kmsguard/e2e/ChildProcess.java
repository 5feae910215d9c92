// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that never outlives this one, however this one ends: a shell between them holds a pipe from here, and kills
 * its child when the pipe closes. The watch stays through signals to the whole group, such as that of a terminal.
 */
final class ChildProcess implements AutoCloseable {

    private static final String SHELL = """
            exec 3<&0
            "$@" </dev/null 3<&- &
            child=$!
            echo $child >"$PID_FILE"
            { trap '' TERM INT HUP; cat <&3 >/dev/null; kill -KILL $child; } 2>/dev/null &
            watch=$!
            wait $child
            code=$?
            kill -KILL $watch 2>/dev/null
            exit $code
            """;

    private final String name;
    private final Process shell;
    private final Path log;
    private final Path pidFile;

    private ChildProcess(String name, Process shell, Path log, Path pidFile) {
        this.name = name;
        this.shell = shell;
        this.log = log;
        this.pidFile = pidFile;
    }

    /**
     * Starts it.
     *
     * @param folder where {@code NAME.log} and {@code NAME.pid} are written
     */
    static ChildProcess start(String name, Path folder, Map<String, String> env, List<String> command)
            throws IOException {
        var log = folder.resolve(name + ".log");
        var pidFile = folder.resolve(name + ".pid");
        Files.deleteIfExists(pidFile);
        var line = new ArrayList<>(List.of("/bin/sh", "-c", SHELL, "sh"));
        line.addAll(command);
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(env);
        builder.environment().put("PID_FILE", pidFile.toString());
        return new ChildProcess(name, builder.start(), log, pidFile);
    }

    /** Fails where it has ended already, with the end of its log. */
    void mustRun() {
        if (!shell.isAlive()) {
            throw new AssertionError(name + " has ended with " + shell.exitValue() + ":\n" + tail());
        }
    }

    boolean isAlive() {
        return shell.isAlive();
    }

    String tail() {
        var lines = log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Sends SIGTERM, and waits for its end. */
    int terminate() throws IOException, InterruptedException {
        return signal(ProcessHandle::destroy);
    }

    /** Sends SIGKILL, and waits for its end. */
    int kill() throws IOException, InterruptedException {
        return signal(ProcessHandle::destroyForcibly);
    }

    private int signal(java.util.function.Consumer<ProcessHandle> signal) throws IOException, InterruptedException {
        Await.until(() -> !pid().isEmpty() || !shell.isAlive(), () -> name + " to start");
        if (!pid().isEmpty()) {
            ProcessHandle.of(Long.parseLong(pid())).ifPresent(signal);
        }
        if (!shell.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError(name + " did not end:\n" + tail());
        }
        return shell.exitValue();
    }

    String pid() {
        try {
            return Files.exists(pidFile) ? Files.readString(pidFile).strip() : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        shell.getOutputStream().close();
        try {
            shell.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
