// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium of this machine, with a profile of its own and without anything to talk to. */
final class Chromium implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Process process;
    private final URI address;

    private Chromium(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts a browser; skips the calling test, and says so, where there is none.
     *
     * @param profile an empty folder
     */
    static Chromium start(Class<?> test, Path profile) throws IOException {
        var program = find();
        if (program.isEmpty()) {
            System.out.println("SKIPPED: " + test.getSimpleName() + ": no Chromium is installed");
        }
        assumeTrue(program.isPresent(), "no Chromium is installed");
        var command = new ArrayList<>(List.of(
                program.get().toString(),
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile.toAbsolutePath(),
                "--no-first-run",
                "--no-default-browser-check",
                "--no-proxy-server",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-sync",
                "--hide-scrollbars",
                "--lang=en-US"));
        // Its sandbox needs rights that containers, and root, do not have. It opens nothing but the report.
        command.add("--no-sandbox");
        command.add("about:blank");
        var process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Chromium(process, address(process, profile));
    }

    private static Optional<Path> find() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Chromium writes its port, and a path, into a file of its profile. */
    private static URI address(Process process, Path profile) throws IOException {
        var file = profile.resolve("DevToolsActivePort");
        while (!ended(process)) {
            var lines = Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
            if (lines.size() == 2) {
                return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
            }
        }
        throw new IOException("Chromium ended with " + process.exitValue());
    }

    /** Gives it a moment, and tells whether it has ended. */
    private static boolean ended(Process process) {
        try {
            return process.waitFor(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A new tab. */
    Tab tab() {
        return Tab.open(address);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
