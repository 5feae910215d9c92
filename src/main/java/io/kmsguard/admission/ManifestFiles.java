// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Reads manifests from files, folders and standard input. */
public final class ManifestFiles {

    /** Standard input, where a file is named. */
    public static final String STANDARD_INPUT = "-";

    /** What a file may weigh. The largest chart that is known renders less than a tenth of it. */
    static final int MAX_BYTES = 64 * 1024 * 1024;

    private final Map<Object, Path> files = new LinkedHashMap<>();
    private final List<ManifestProblem> problems = new ArrayList<>();

    private ManifestFiles() {}

    /**
     * Reads everything that the names lead to, each file once: files as they are; of folders, all {@code .yaml},
     * {@code .yml} and {@code .json} files below, by name, without hidden ones. What cannot be read is a problem.
     *
     * @param in read where a name is {@code -}, and not closed
     */
    public static ManifestReader.Reading read(List<String> names, InputStream in) {
        return read(names, in, MAX_BYTES);
    }

    static ManifestReader.Reading read(List<String> names, InputStream in, int maxBytes) {
        var files = new ManifestFiles();
        names.forEach(files::find);
        var readings = files.files.values().parallelStream()
                .map(file -> read(file, in, maxBytes))
                .toList();
        var missing = new ManifestReader.Reading(List.of(), List.copyOf(files.problems));
        return ManifestReader.Reading.concat(
                Stream.concat(Stream.of(missing), readings.stream()).toList());
    }

    private void find(String name) {
        if (name.equals(STANDARD_INPUT)) {
            files.putIfAbsent(STANDARD_INPUT, Path.of(STANDARD_INPUT));
            return;
        }
        try {
            var path = Path.of(name);
            if (Files.isDirectory(path)) {
                walk(path);
            } else {
                found(path);
            }
        } catch (InvalidPathException e) {
            problems.add(noName(name));
        } catch (IOException e) {
            problems.add(unreadable(name, e));
        }
    }

    private void found(Path path) {
        Object identity;
        try {
            identity = path.toRealPath();
        } catch (IOException pipeOrAbsent) {
            identity = path;
        }
        files.putIfAbsent(identity, path);
    }

    private void walk(Path folder) throws IOException {
        var below = new ArrayList<Path>();
        Files.walkFileTree(
                folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                        return !path.equals(folder) && isHidden(path)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                        if (isManifest(path)) {
                            below.add(path);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path path, IOException e) {
                        // A link that leads back up is no loss: what it leads to is read anyway.
                        if (!(e instanceof java.nio.file.FileSystemLoopException)) {
                            problems.add(unreadable(path.toString(), e));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        if (below.isEmpty()) {
            problems.add(new ManifestProblem(
                    folder.toString(), 0, "this folder has no .yaml, .yml or .json file that could be read"));
        }
        below.stream().sorted().forEach(this::found);
    }

    /** As kubelets and editors name what is not meant to be read. */
    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private static boolean isManifest(Path path) {
        var name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        return !isHidden(path) && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
    }

    /**
     * Reads one file as the text that it is: in UTF-8, so that what is written again is the same.
     *
     * @param name a file, or {@code -} for standard input
     * @param in read where the name is {@code -}, and not closed
     */
    public static Text text(String name, InputStream in) {
        try {
            var bytes = bytes(Path.of(name), in, MAX_BYTES);
            if (bytes.length > MAX_BYTES) {
                return new Text.Unreadable(tooLarge(name, MAX_BYTES));
            }
            return new Text.Read(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (InvalidPathException e) {
            return new Text.Unreadable(noName(name));
        } catch (CharacterCodingException e) {
            return new Text.Unreadable(new ManifestProblem(name, 0, "this is not text in UTF-8"));
        } catch (IOException e) {
            return new Text.Unreadable(unreadable(name, e));
        }
    }

    /** What came of reading a file as text. */
    public sealed interface Text {
        /** It could be read. */
        record Read(String text) implements Text {}

        /** It could not. */
        record Unreadable(ManifestProblem problem) implements Text {}
    }

    /** By the path that a folder gave, which leads to the file also where its name has characters that the locale does not know. */
    private static ManifestReader.Reading read(Path path, InputStream in, int maxBytes) {
        var file = path.toString();
        try {
            var bytes = bytes(path, in, maxBytes);
            if (bytes.length > maxBytes) {
                return problem(tooLarge(file, maxBytes));
            }
            var text = decode(bytes);
            return file.equals(STANDARD_INPUT) && text.isBlank()
                    ? problem(new ManifestProblem(
                            file, 0, "standard input was empty: did the command before it fail? Nothing was judged"))
                    : ManifestReader.read(file, text);
        } catch (CharacterCodingException e) {
            return problem(new ManifestProblem(file, 0, "this is not text in UTF-8"));
        } catch (IOException e) {
            return problem(unreadable(file, e));
        }
    }

    /** All of it, or one byte more than allowed. */
    private static byte[] bytes(Path file, InputStream in, int maxBytes) throws IOException {
        if (file.toString().equals(STANDARD_INPUT)) {
            return in.readNBytes(maxBytes + 1);
        }
        try (var input = Files.newInputStream(file)) {
            return input.readNBytes(maxBytes + 1);
        }
    }

    /** What is wrong with a name that makes no {@link Path}. */
    public static ManifestProblem noName(String name) {
        // Java decodes names by the locale; of the locale C it knows ASCII alone.
        return new ManifestProblem(
                name,
                0,
                name.chars().allMatch(letter -> letter < 0x80)
                        ? "this is no name that a file can have"
                        : "this name has characters that the locale does not know; set LC_ALL=C.UTF-8");
    }

    private static ManifestProblem tooLarge(String file, int maxBytes) {
        return new ManifestProblem(file, 0, "this is larger than " + maxBytes / (1024 * 1024) + " MiB; split it");
    }

    /** PowerShell writes UTF-16 with a byte order mark; everything else is UTF-8. */
    private static String decode(byte[] bytes) throws CharacterCodingException {
        var mark = bytes.length < 2 ? 0 : (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
        Charset charset = mark == 0xFFFE || mark == 0xFEFF ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
        return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private static ManifestReader.Reading problem(ManifestProblem problem) {
        return new ManifestReader.Reading(List.of(), List.of(problem));
    }

    private static ManifestProblem unreadable(String file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new ManifestProblem(file, 0, "there is no such file");
        }
        return new ManifestProblem(
                file,
                0,
                e instanceof AccessDeniedException
                        ? "this file may not be read (permission denied)"
                        : "this file cannot be read (" + e.getClass().getSimpleName() + ")");
    }
}
