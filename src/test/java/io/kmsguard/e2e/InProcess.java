// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import io.kmsguard.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The command line in this process. */
final class InProcess {

    private InProcess() {}

    /** Its exit code, a space, and all that it prints. */
    static String run(Map<String, String> env, String... args) {
        var out = new ByteArrayOutputStream();
        var both = new PrintStream(out, true, StandardCharsets.UTF_8);
        var code = Main.run(InputStream.nullInputStream(), both, both, env, args);
        return code + " " + out.toString(StandardCharsets.UTF_8);
    }
}
