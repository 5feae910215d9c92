// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a manifest with a private key goes: into a pipe or a file; onto a screen only if that is wanted. */
final class SecretOutput {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Writes the manifest into a new file that only you may read, and nothing else.")
    private @Nullable Path out;

    @Option(names = "--print", description = "Prints the manifest, with the private key, even on a terminal.")
    private boolean print;

    /**
     * Refuses to show a private key to whoever looks at the screen.
     *
     * @throws ParameterException where it would
     */
    void check(Session session) {
        if (out == null && !print && session.terminals().out()) {
            var command = spec.qualifiedName();
            throw new ParameterException(
                    spec.commandLine(),
                    "the manifest holds a private key, and standard output is a terminal; hand it on (" + command
                            + " … | kubectl apply -f -), write it to a file (--out FILE), or say --print");
        }
    }

    /**
     * Writes the manifest, whole or not at all.
     *
     * @return why it could not be written
     */
    Optional<String> write(String manifest, Session session) {
        if (out != null) {
            return write(out, manifest);
        }
        session.out().print(manifest);
        session.out().flush();
        return session.out().checkError()
                ? Optional.of("standard output does not take the manifest, and nothing was kept")
                : Optional.empty();
    }

    /** How to apply what was written to a file; empty where it was printed. */
    Optional<String> apply(String kubectl) {
        return Optional.ofNullable(out).map(file -> kubectl + " apply -f " + file);
    }

    private static Optional<String> write(Path file, String manifest) {
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mine)) {
            var bytes = ByteBuffer.wrap(manifest.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return Optional.empty();
        } catch (FileAlreadyExistsException there) {
            return Optional.of(file + " is there already, and a key is never overwritten; name another file");
        } catch (NoSuchFileException noFolder) {
            return Optional.of(file + " cannot be written: its folder is not there");
        } catch (UnsupportedOperationException noPermissions) {
            return Optional.of(file + " cannot be written: its file system has no permissions to keep others out");
        } catch (IOException full) {
            return Optional.of(file + " cannot be written (" + full.getClass().getSimpleName() + "); "
                    + "remove what is there of it");
        }
    }
}
