// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** A chart that renders what a Splice chart renders at one release, in the namespace of the Helm release. */
final class AppChart {

    private static final Path CORPUS = Path.of("..", "shared", "corpus");

    private AppChart() {}

    /** The folder of such a chart; the test is skipped where the corpus is absent. */
    static String of(ControlPlane plane, String release, String scenario) throws IOException {
        return of(plane, release, scenario, "as-it-is", manifests -> manifests);
    }

    /**
     * The same with other values.
     *
     * @param variant what to call it
     * @param values changes what is rendered
     */
    static String of(ControlPlane plane, String release, String scenario, String variant, UnaryOperator<String> values)
            throws IOException {
        var corpus = CORPUS.resolve(release).resolve(scenario + ".yaml");
        assumeTrue(Files.exists(corpus), "there is no folder " + CORPUS);
        var folder = plane.folder().resolve("charts").resolve(release + "-" + scenario + "-" + variant);
        Files.createDirectories(folder.resolve("templates"));
        Files.writeString(
                folder.resolve("Chart.yaml"), "apiVersion: v2\nname: " + scenario + "\nversion: " + release + "\n");
        Files.writeString(
                folder.resolve("templates").resolve("all.yaml"),
                values.apply(Files.readString(corpus))
                        .replace("{{", "{{ \"{{\" }}")
                        .replaceAll("(?m)^  namespace: \\S+$", "  namespace: {{ .Release.Namespace }}"));
        return folder.toString();
    }
}
