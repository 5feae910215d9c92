// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.PolicyFile;
import io.kmsguard.admission.PolicyFileReader;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.splice.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --policy}. */
final class PolicyOption {

    private static final long MAX_BYTES = 4_000_000;

    /** Those of a long for which a double, which a metric is, has no room. */
    private static final int UNHELD_BITS = Long.SIZE - 48;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "The guard's policy file (default: every rule with the action of its class, no exceptions).")
    private @Nullable Path file;

    /**
     * What stands in the file; two are equal where nothing changed.
     *
     * @param file its name; empty where none is given
     * @param text its text; empty where it cannot be read
     * @param trouble why it cannot be read; empty where it can
     */
    record Content(String file, Optional<String> text, String trouble) {

        /** Tells the text from others: as many bits of its SHA-256 as a metric can hold exactly. */
        long hash() {
            return ByteBuffer.wrap(Digests.sha256(text.orElse(""))).getLong() >>> UNHELD_BITS;
        }

        /** Not the text. */
        @Override
        public String toString() {
            return "Content[" + file + "]";
        }
    }

    /**
     * What came of reading.
     *
     * @param file not to be used where there are problems
     * @param problems what is wrong, as {@code file:line: message}
     */
    record Reading(PolicyFile file, List<String> problems) {}

    /**
     * Reads the file.
     *
     * @param problems takes what is wrong with it, as {@code file:line: message}; the answer is then not to be used
     */
    PolicyFile read(List<String> problems) {
        var reading = read(content());
        problems.addAll(reading.problems());
        return reading.file();
    }

    boolean isGiven() {
        return file != null;
    }

    /** What stands in the file now. */
    Content content() {
        if (file == null) {
            return new Content("", Optional.empty(), "");
        }
        var name = file.toString();
        try {
            return Files.size(file) > MAX_BYTES
                    ? new Content(name, Optional.empty(), "the file is too large to be a policy")
                    : new Content(name, Optional.of(Files.readString(file)), "");
        } catch (NoSuchFileException absent) {
            return new Content(name, Optional.empty(), "there is no such file");
        } catch (CharacterCodingException binary) {
            return new Content(name, Optional.empty(), "the file is no UTF-8 text");
        } catch (IOException unreadable) {
            return new Content(name, Optional.empty(), "the file cannot be read");
        }
    }

    /** Understands it. */
    static Reading read(Content content) {
        if (!content.trouble().isEmpty()) {
            return new Reading(PolicyFile.DEFAULT, List.of(content.file() + ": " + content.trouble()));
        }
        if (content.text().isEmpty()) {
            return new Reading(PolicyFile.DEFAULT, List.of());
        }
        var reading = PolicyFileReader.read(content.text().get(), Rules.all());
        if (reading instanceof PolicyFile.Reading.Read read) {
            return new Reading(read.file(), List.of());
        }
        return new Reading(
                PolicyFile.DEFAULT,
                ((PolicyFile.Reading.Refused) reading)
                        .problems().stream()
                                .map(problem -> content.file() + ":" + problem.line() + ": " + problem.message())
                                .toList());
    }
}
