// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command that ran to its end. */
record Ran(List<String> command, int exitCode, String out, String err) {

    private static final int LONGEST_MINUTES = 3;

    static Ran run(Path folder, Map<String, String> env, List<String> command) throws IOException {
        var out = Files.createTempFile(folder, "out", ".txt");
        var err = Files.createTempFile(folder, "err", ".txt");
        var builder = new ProcessBuilder(command);
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(env);
        var process = builder.start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end: " + Files.readString(err));
            }
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return new Ran(
                command,
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    /** Whether it gave up waiting: Helm's and kubectl's words for it. */
    boolean waitedInVain() {
        return exitCode != 0 && (err.contains("deadline exceeded") || err.contains("timed out waiting"));
    }

    /** The same with more on its standard error. */
    Ran and(String more) {
        return new Ran(command, exitCode, out, err + more);
    }

    /** What it printed; fails where it failed. */
    String mustSucceed() {
        if (exitCode != 0) {
            throw new AssertionError(command + " ended with " + exitCode + ":\n" + out + err);
        }
        return out;
    }
}
