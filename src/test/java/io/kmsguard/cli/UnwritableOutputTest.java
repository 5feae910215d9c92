// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A report that nobody got is no pass: standard output is a full disk, or a pipe that was closed. */
class UnwritableOutputTest {

    private static final OutputStream FULL = new OutputStream() {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("No space left on device");
        }
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check FILE",
                "check -o json FILE",
                "check -o sarif FILE",
                "check -o junit FILE",
                "audit FILE",
                "audit -o html FILE",
                "audit -o openreports FILE",
                "effective FILE",
                "explain FILE",
                "explain kms-config",
                "plan FILE",
                "inject FILE",
                "completion bash",
                "check --help",
                "--version"
            })
    void ends_as_trouble_with_one_line(String line) {
        var err = new ByteArrayOutputStream();
        var args = line.replace("FILE", Cli.fixture("participant-without-kms.yaml"))
                .split(" ");

        var code = Main.run(
                InputStream.nullInputStream(),
                new PrintStream(new BufferedOutputStream(FULL), false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                args);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("kms-guard: standard output was closed or is full, so not everything was printed\n");
        assertThat(code).isEqualTo(2);
    }
}
