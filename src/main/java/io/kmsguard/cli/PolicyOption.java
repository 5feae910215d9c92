// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.PolicyFile;
import io.kmsguard.admission.PolicyFileReader;
import io.kmsguard.policy.rule.Rules;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --policy}. */
final class PolicyOption {

    private static final long MAX_BYTES = 4_000_000;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "The guard's policy file (default: every rule with the action of its class, no exceptions).")
    private @Nullable Path file;

    /**
     * Reads the file.
     *
     * @param problems takes what is wrong with it, as {@code file:line: message}; the answer is then not to be used
     */
    PolicyFile read(List<String> problems) {
        if (file == null) {
            return PolicyFile.DEFAULT;
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                problems.add(file + ": the file is too large to be a policy");
                return PolicyFile.DEFAULT;
            }
            var reading = PolicyFileReader.read(Files.readString(file), Rules.all());
            if (reading instanceof PolicyFile.Reading.Read read) {
                return read.file();
            }
            ((PolicyFile.Reading.Refused) reading)
                    .problems()
                    .forEach(problem -> problems.add(file + ":" + problem.line() + ": " + problem.message()));
        } catch (NoSuchFileException absent) {
            problems.add(file + ": there is no such file");
        } catch (CharacterCodingException binary) {
            problems.add(file + ": the file is no UTF-8 text");
        } catch (IOException unreadable) {
            problems.add(file + ": the file cannot be read");
        }
        return PolicyFile.DEFAULT;
    }
}
