// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One review under {@code src/test/resources/golden} and what must come back.
 *
 * @param folder the id of a rule or injection, or {@code malformed}
 * @param expectation what the file name says of the response
 * @param request an AdmissionReview as YAML, or any text as {@code .request.txt}
 */
record GoldenCase(Path folder, String expectation, String name, Path request) {

    static final Path ROOT = Path.of("src", "test", "resources", "golden");
    static final Set<String> EXPECTATIONS = Set.of("violation", "warning", "allowed", "patched", "error");

    private static final Pattern FILE =
            Pattern.compile("([a-z]+)\\.([a-z0-9-]+)\\.(request\\.yaml|request\\.txt|response\\.yaml|cluster\\.yaml)");

    static List<GoldenCase> all() {
        return files().stream()
                .filter(file -> file.getFileName().toString().contains(".request."))
                .map(GoldenCase::of)
                .toList();
    }

    /** Every file, in order. */
    static List<Path> files() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The files that no case uses, and what is wrong with each. */
    static List<String> strays() {
        var strays = new ArrayList<String>();
        for (var file : files()) {
            var form = FILE.matcher(file.getFileName().toString());
            if (!form.matches() || !EXPECTATIONS.contains(form.group(1))) {
                strays.add(file + " is not named <expectation>.<case>.<part>");
            } else if (!form.group(3).startsWith("request")
                    && Stream.of("yaml", "txt")
                            .noneMatch(end -> Files.exists(
                                    file.resolveSibling(form.group(1) + "." + form.group(2) + ".request." + end)))) {
                strays.add(file + " belongs to no request");
            }
        }
        return strays;
    }

    private static GoldenCase of(Path request) {
        var parts = request.getFileName().toString().split("\\.", -1);
        return new GoldenCase(ROOT.resolve(request.getName(ROOT.getNameCount())), parts[0], parts[1], request);
    }

    String subject() {
        return folder.getFileName().toString();
    }

    boolean isText() {
        return request.toString().endsWith(".txt");
    }

    Path response() {
        return folder.resolve(expectation + "." + name + ".response.yaml");
    }

    String requestText() {
        return read(request);
    }

    /** The objects around; empty where there are none. */
    String clusterText() {
        var file = folder.resolve(expectation + "." + name + ".cluster.yaml");
        return Files.exists(file) ? read(file) : "";
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public String toString() {
        return subject() + "/" + expectation + "." + name;
    }
}
