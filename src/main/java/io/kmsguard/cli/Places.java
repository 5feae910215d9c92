// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.ManifestFiles;
import io.kmsguard.admission.ManifestProblem;

/** Where things stand in files, as reports say it. */
final class Places {

    private Places() {}

    /** A file's name for people. */
    static String name(String file) {
        return file.equals(ManifestFiles.STANDARD_INPUT) ? "stdin" : file;
    }

    /**
     * Where something stands: {@code sv.yaml:3}.
     *
     * @param line counted from 1; 0 where the whole file is meant
     */
    static String of(String file, int line) {
        return line > 0 ? name(file) + ":" + line : name(file);
    }

    /** What is wrong, after its place. */
    static String of(ManifestProblem problem) {
        return of(problem.file(), problem.line()) + ": " + problem.message();
    }
}
