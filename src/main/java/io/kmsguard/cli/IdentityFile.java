// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.IdentityMemory;
import io.kmsguard.admission.IdentityText;
import io.kmsguard.admission.IdentityWriter;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.splice.KmsDrivers;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The identity memory in a file ({@code --identities}). Read once, at the start, since one process writes it; a file that
 * something else has changed meanwhile is not written over. Updated by one thread, read by many.
 */
final class IdentityFile {

    private final Path file;
    private volatile IdentityMemory memory = IdentityMemory.EMPTY;
    private String onDisk = "";

    IdentityFile(Path file) {
        this.file = file;
    }

    /**
     * Reads it; one that is not there is begun.
     *
     * @return what is wrong with it, as {@code file:line: message}; it must then not be used
     */
    List<String> open() {
        try {
            if (Files.notExists(file)) {
                return List.of();
            }
            onDisk = Files.readString(file);
        } catch (CharacterCodingException binary) {
            return List.of(file + ": the file is no UTF-8 text");
        } catch (IOException unreadable) {
            return List.of(file + ": the file cannot be read");
        }
        var reading = IdentityText.read(onDisk);
        if (reading instanceof IdentityText.Reading.Refused refused) {
            return refused.problems().stream()
                    .map(problem -> file + ":" + problem.line() + ": " + problem.message())
                    .toList();
        }
        memory = ((IdentityText.Reading.Read) reading).memory();
        return List.of();
    }

    IdentityMemory memory() {
        return memory;
    }

    /**
     * Remembers what runs.
     *
     * @param day today (UTC)
     * @param drivers which settings of a KMS driver decide where its keys are
     * @return why that could not be written, in one sentence; it is then remembered until the end of this process
     */
    Optional<String> update(Surroundings running, LocalDate day, KmsDrivers drivers) {
        return replace(memory.with(running, day, drivers, Deadline.none()));
    }

    /**
     * Puts another memory in the place of the one that was read.
     *
     * @return why that could not be written, in one sentence; it then holds until the end of this process
     */
    Optional<String> replace(IdentityMemory other) {
        memory = other;
        var text = IdentityWriter.write(memory);
        try {
            if (Files.exists(file) && !Files.readString(file).equals(onDisk)) {
                return Optional.of(file + " was changed while this process keeps it, so it is not written over."
                        + " Stop the process, edit the file, and start it.");
            }
            if (!text.equals(onDisk) || Files.notExists(file)) {
                write(text);
                onDisk = text;
            }
            return Optional.empty();
        } catch (IOException failed) {
            return Optional.of(file + " cannot be written (" + failed.getClass().getSimpleName() + ").");
        }
    }

    /** In one step: a file that was cut short would have lost what it remembered. */
    private void write(String text) throws IOException {
        var target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        // Java makes temporary files with mode 0600.
        var temporary = Files.createTempFile(target.getParent(), ".kms-guard-", ".tmp");
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
