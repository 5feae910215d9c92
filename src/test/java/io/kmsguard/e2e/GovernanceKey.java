// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A governance key as an operator makes one. */
final class GovernanceKey {

    private GovernanceKey() {}

    /** The manifest of its Secret, of a pair that nobody else has. */
    static String in(String namespace) {
        var out = new ByteArrayOutputStream();
        var code = Main.run(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                Map.of(),
                "keys",
                "generate",
                "-n",
                namespace);
        assertThat(code).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }
}
