// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;

/** The project's own files as text, and its Java files as javac parses them. */
final class SourceTree {

    /** One method or constructor: where it is and how many lines it has, without its annotations. */
    record Method(Path file, String name, long lines) {}

    private SourceTree() {}

    /** Every Java file under {@code src}, sorted. */
    static List<Path> javaFiles() {
        return filesUnder(Path.of("src"), ".java");
    }

    /** The files under a folder whose name has that ending, sorted; none where there is no such folder. */
    static List<Path> filesUnder(Path folder, String ending) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What git tracks or would track, sorted; the calling test is skipped where git or its repository is absent. */
    static List<Path> trackedFiles() {
        try {
            var git = new ProcessBuilder("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assumeTrue(git.waitFor() == 0, "git cannot list the files of this folder");
            return Stream.of(names.split("\0"))
                    .filter(name -> !name.isEmpty())
                    .map(Path::of)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException absent) {
            return Assumptions.abort("git is not installed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The whole text of a file; bytes that are no UTF-8 become replacement characters. */
    static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of a file. */
    static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    /** Every method and constructor that stands in these files, in their order. */
    static List<Method> methods(List<Path> files) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            var units = manager.getJavaFileObjectsFromPaths(files);
            var task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, units);
            var positions = Trees.instance(task).getSourcePositions();
            var methods = new ArrayList<Method>();
            for (var unit : task.parse()) {
                new TreeScanner<Void, Path>() {
                    @Override
                    public Void visitMethod(MethodTree method, Path file) {
                        methods.add(new Method(
                                file, method.getName().toString(), lines(unit.getLineMap(), positions, unit, method)));
                        return super.visitMethod(method, file);
                    }
                }.scan(unit, Path.of(unit.getSourceFile().getName()));
            }
            return methods;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long lines(LineMap lines, SourcePositions positions, CompilationUnitTree unit, MethodTree method) {
        Tree start = method.getReturnType();
        if (start == null) {
            start = method.getBody() == null ? method : method.getBody();
        }
        return lines.getLineNumber(positions.getEndPosition(unit, method))
                - lines.getLineNumber(positions.getStartPosition(unit, start))
                + 1;
    }
}
