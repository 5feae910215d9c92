// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which of the standard streams are a terminal. The JDK only tells of all of them together, and since release 22 no
 * longer does; the kernel does, through {@code /dev/fd}.
 */
record Terminals(boolean in, boolean out, boolean err) {

    /** None: pipes and files. */
    static final Terminals NONE = new Terminals(false, false, false);

    private static final int FILE_TYPE = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;

    /** What this process has. */
    static Terminals ofProcess() {
        return new Terminals(isTerminal(0), isTerminal(1), isTerminal(2));
    }

    private static boolean isTerminal(int descriptor) {
        try {
            var stream = Path.of("/dev/fd/" + descriptor);
            var type = (Integer) Files.getAttribute(stream, "unix:mode") & FILE_TYPE;
            return type == CHARACTER_DEVICE && !device(stream).equals(device(Path.of("/dev/null")));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException noUnix) {
            return false;
        }
    }

    private static Object device(Path path) throws IOException {
        return Files.getAttribute(path, "unix:rdev");
    }
}
