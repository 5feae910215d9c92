// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Each values key that a fix names is one that the chart of that release has ({@code src/test/resources/charts/keys.yaml}). */
class ChartKeysTest {

    private static final Path KEYS = Path.of("src", "test", "resources", "charts", "keys.yaml");

    /** What a text may name of the charts' values, by how such a key begins. */
    private static final Pattern NAMED = Pattern.compile(
            "(?<![\\w.-])(?:synchronizers|cometBFT|persistence|additionalEnvVars|extraVolumes|extraVolumeMounts)"
                    + "(?:\\[[^\\]]*])?(?:\\.[A-Za-z]+(?:\\[[^\\]]*])?)*");

    private static final Map<String, SpliceVersion> SINCE = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        Map<String, List<Map<String, String>>> charts = new Yaml().load(Files.readString(KEYS));
        charts.forEach((chart, keys) -> keys.forEach(key -> {
            assertThat(key).containsOnlyKeys("key", "since", "in", "source");
            assertThat(key.get("in")).isIn("schema", "template");
            SINCE.put(
                    chart + " " + key.get("key"),
                    SpliceVersion.parse(key.getOrDefault("since", "")).orElseThrow());
        }));
        assertThat(SINCE).hasSize(15);
    }

    /** Each release at which something changed, the one before it where there is one, and the newest. */
    private static List<SpliceVersion> releases() {
        return Stream.concat(
                        Releases.TABLE.stream()
                                .map(Releases.Row::from)
                                .map(from -> SpliceVersion.of(from.major(), from.minor(), from.patch()))
                                .flatMap(from -> from.patch() == 0
                                        ? Stream.of(from)
                                        : Stream.of(
                                                SpliceVersion.of(from.major(), from.minor(), from.patch() - 1), from)),
                        Stream.of(Releases.NEWEST))
                .distinct()
                .toList();
    }

    private static List<String> keys(String text) {
        return NAMED.matcher(text)
                .results()
                .map(found -> found.group().replaceAll("\\[[^\\]]*]", "[]"))
                .toList();
    }

    private static void unknown(List<String> wrong, String chart, SpliceVersion release, String text) {
        assertThat(keys(text)).isNotEmpty();
        keys(text).stream()
                .filter(key -> Optional.ofNullable(SINCE.get(chart + " " + key))
                        .filter(since -> !release.isBefore(since))
                        .isEmpty())
                .forEach(key -> wrong.add(chart + " " + release + " has no " + key));
    }

    @Test
    void the_flag_of_each_node_is_one_of_its_release() {
        var wrong = new ArrayList<String>();
        for (var release : releases()) {
            for (var node : List.of("current", "successor", "legacy", "additional-legacy.0", "additional-legacy.7")) {
                var text = ChartValues.governanceKeys(Optional.of(release), List.of(node));
                var named = Pattern.compile("splice-sv-node (\\S+)").matcher(text);
                assertThat(named.find()).isTrue();
                unknown(
                        wrong,
                        "splice-sv-node",
                        SpliceVersion.parse(named.group(1)).orElseThrow(),
                        text);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void an_empty_database_is_had_by_keys_of_its_release() {
        var wrong = new ArrayList<String>();
        for (var release : releases()) {
            unknown(wrong, "splice-participant", release, ChartValues.emptyDatabase(Optional.of(release)));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void what_an_injection_names_is_of_every_release() {
        for (var key : List.of(ChartValues.ENV, ChartValues.VOLUMES, ChartValues.MOUNTS)) {
            assertThat(SINCE.get("splice-participant " + key)).isEqualTo(SpliceVersion.of(0, 4, 0));
        }
    }

    /** A key that only some text names, and not by {@link ChartValues}. */
    @Test
    void no_other_text_names_a_key_that_no_chart_has() throws IOException {
        var known = new TreeSet<String>();
        SINCE.keySet().forEach(key -> known.add(key.substring(key.indexOf(' ') + 1)));
        var wrong = new ArrayList<String>();
        for (var file : texts()) {
            keys(Files.readString(file)).stream()
                    .filter(key -> !isBeginOf(key, known) && !known.contains(key))
                    .forEach(key -> wrong.add(file + ": " + key));
        }
        assertThat(wrong).isEmpty();
    }

    /** {@code cometBFT} alone names the block, and {@code synchronizers.current} one above it. */
    private static boolean isBeginOf(String key, Set<String> known) {
        return known.stream().anyMatch(whole -> whole.startsWith(key + ".") || whole.startsWith(key + "["));
    }

    private static List<Path> texts() throws IOException {
        try (var code = Files.walk(Path.of("src", "main", "java"));
                var docs = Files.walk(Path.of("docs"))) {
            return Stream.concat(
                            code.filter(file -> file.toString().endsWith(".java")),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .toList();
        }
    }
}
