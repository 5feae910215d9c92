// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Prometheus' own tool, and the alerts and the dashboard of the chart in the forms that it reads.
 *
 * @param assets where it is
 * @param folder where files may be written
 */
record Promtool(KubeAssets assets, Path folder) {

    /** As promtool prints a selector in which each has a matcher; strings are seen as such. */
    private static final Pattern SELECTOR =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\{((?:[^{}\"]|\"(?:[^\"\\\\]|\\\\.)*\")*)}");

    private static final Pattern MATCHER = Pattern.compile("([a-zA-Z_]\\w*)(?:=~|!~|!=|=)\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final String PROBE = "kms_guard_probe";

    /** A metric that an expression reads, and the labels that it asks for. */
    record Selector(String metric, Set<String> labels) {}

    /** The test that asks is skipped where it is not. */
    static Promtool find(Path folder) {
        var assets = KubeAssets.find();
        assumeTrue(
                Files.isExecutable(Path.of(assets.binary("promtool"))),
                "no promtool: KUBEBUILDER_ASSETS has none (make one with .ci/kube-assets)");
        return new Promtool(assets, folder);
    }

    Ran run(String... args) throws IOException {
        var line = new ArrayList<>(List.of(assets.binary("promtool")));
        line.addAll(List.of(args));
        return Ran.run(folder, Map.of(), line);
    }

    /** With that on standard input. */
    Ran fed(Path input, String... args) throws IOException {
        var line = new ArrayList<>(List.of("/bin/sh", "-c", "input=$1; shift; exec \"$@\" <\"$input\"", "sh"));
        line.add(input.toString());
        line.add(assets.binary("promtool"));
        line.addAll(List.of(args));
        return Ran.run(folder, Map.of(), line);
    }

    /** What the chart renders for the Prometheus operator. */
    String rendered() throws IOException {
        return Ran.run(
                        folder,
                        Map.of("HELM_CACHE_HOME", folder.toString(), "HELM_CONFIG_HOME", folder.toString()),
                        List.of(
                                assets.binary("helm4"),
                                "template",
                                Guard.NAME,
                                Path.of("manifests", "chart").toAbsolutePath().toString(),
                                "--namespace",
                                Guard.NAMESPACE,
                                "--set",
                                "prometheusRule.enabled=true",
                                "--show-only",
                                "templates/prometheusrule.yaml"))
                .mustSucceed();
    }

    /** What these expressions read, as Prometheus' own parser understands them. */
    List<Selector> selectors(Collection<String> expressions) throws IOException {
        var all = expressions.stream()
                .map(expression -> "(" + expression.replace("$__rate_interval", "5m") + ")")
                .collect(Collectors.joining("\nor\n"));
        var parsed = run("--experimental", "promql", "label-matchers", "set", all, PROBE, "x")
                .mustSucceed();
        return SELECTOR.matcher(parsed)
                .results()
                .map(match -> new Selector(match.group(1), labels(match.group(2))))
                .distinct()
                .toList();
    }

    private static Set<String> labels(String matchers) {
        return MATCHER.matcher(matchers)
                .results()
                .map(match -> match.group(1))
                .filter(label -> !label.equals(PROBE))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
