// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What no compiler checks: sizes, headers, exemptions with a reason, and what must never be committed. */
class HygieneTest {

    private static final int FILE_LINES = 300;
    private static final int RULE_LINES = 120;
    private static final int METHOD_LINES = 40;
    private static final Path RULES = Path.of("src/main/java/io/kmsguard/policy/rule");

    private static final String SPDX = "// SPDX-License-Identifier: Apache-2.0";
    /** In comments only: an operator's manifest may hold these words, and a rule speak of them. */
    private static final Pattern LEFT_OVER = Pattern.compile("(//|^\\s*/?\\*).*\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");

    private static final Pattern VAGUE_NAME =
            Pattern.compile(".*(Manager|Helpers?|Utils?|Impl)\\.java", Pattern.CASE_INSENSITIVE);

    /** Folders of one machine, whose names mean nothing on another. */
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.$}>-])/(work|root|tmp/bash_jobs|home/\\w+)/");

    /** Hosts of package registries; the wrapper's own file must name one. */
    private static final Pattern REGISTRY_HOST = Pattern.compile("(repo1?|central|search)\\.mav" + "en\\.|registry\\.np"
            + "mjs\\.|deb\\.deb" + "ian\\.|proxy\\.gol" + "ang\\.");

    private static final Path WRAPPER = Path.of(".mvn/wrapper/maven-wrapper.properties");

    /** The one picture, which HtmlReportBrowserTest makes. */
    private static final Path SCREENSHOT = Path.of("docs/audit-report.png");

    /** A PEM block with content; the marker alone is fine, since messages speak of it. */
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----\\s*(\\\\n|[\"+\\s])*[A-Za-z0-9+/]{24,}");

    private static final List<Path> JAVA = SourceTree.javaFiles();
    private static int methods;

    @AfterAll
    static void size() {
        System.out.println("Hygiene: " + JAVA.size() + " Java files with " + methods + " methods");
    }

    @Test
    void no_file_is_long() {
        assertThat(JAVA).hasSizeGreaterThan(50);
        assertThat(longer(JAVA, FILE_LINES)).isEmpty();
    }

    @Test
    void no_rule_is_long() {
        assertThat(longer(SourceTree.filesUnder(RULES, ".java"), RULE_LINES)).isEmpty();
    }

    @Test
    void no_method_is_long() {
        var all = SourceTree.methods(JAVA);
        methods = all.size();
        assertThat(all).hasSizeGreaterThan(JAVA.size());
        assertThat(all.stream()
                        .filter(method -> method.lines() > METHOD_LINES)
                        .map(method -> method.file() + ": " + method.name() + " has " + method.lines() + " lines"))
                .isEmpty();
    }

    @Test
    void every_java_file_starts_with_its_licence() {
        assertThat(JAVA.stream().filter(file -> !SourceTree.text(file).startsWith(SPDX + "\n")))
                .isEmpty();
    }

    @Test
    void every_exemption_has_its_reason_on_the_same_line() {
        assertThat(matches(JAVA, Pattern.compile("^\\s*@SuppressWarnings\\((?!.*\\) // \\w).*$")))
                .isEmpty();
    }

    @Test
    void no_test_is_switched_off() {
        assertThat(matches(JAVA, Pattern.compile("^\\s*@Dis" + "abled\\b"))).isEmpty();
    }

    @Test
    void no_class_has_a_vague_name() {
        assertThat(JAVA.stream()
                        .filter(file -> VAGUE_NAME.matcher(file.toString()).matches()))
                .isEmpty();
    }

    @Test
    void nothing_is_left_over() {
        assertThat(matches(JAVA, LEFT_OVER)).isEmpty();
    }

    @Test
    void no_tracked_file_names_a_folder_of_one_machine_or_a_registry() {
        var tracked = SourceTree.trackedFiles();
        assertThat(matches(tracked, MACHINE_PATH)).isEmpty();
        assertThat(matches(
                        tracked.stream().filter(file -> !file.equals(WRAPPER)).toList(), REGISTRY_HOST))
                .isEmpty();
    }

    @Test
    void no_tracked_file_holds_a_private_key_or_is_binary() {
        var tracked = SourceTree.trackedFiles();
        assertThat(tracked).hasSizeGreaterThan(JAVA.size());
        assertThat(tracked)
                .filteredOn(file -> !file.equals(SCREENSHOT))
                .allSatisfy(file -> assertThat(SourceTree.text(file))
                        .as(file.toString())
                        .doesNotContain("\0")
                        .doesNotContainPattern(PRIVATE_KEY));
    }

    @Test
    void a_private_key_would_be_seen() {
        var body = "MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAA";
        assertThat(PRIVATE_KEY.matcher(marker("EC ") + "\n" + body).find()).isTrue();
        assertThat(PRIVATE_KEY.matcher("\"" + marker("") + "\\n\" + \"" + body).find())
                .isTrue();
        assertThat(PRIVATE_KEY.matcher("starts with " + marker("")).find()).isFalse();
    }

    private static String marker(String kind) {
        return "-----BEGIN " + kind + "PRIVATE KEY-----";
    }

    private static List<String> longer(List<Path> files, int limit) {
        return files.stream()
                .filter(file -> SourceTree.lines(file).size() > limit)
                .map(file -> file + " has " + SourceTree.lines(file).size() + " lines, more than " + limit)
                .toList();
    }

    private static List<String> matches(List<Path> files, Pattern pattern) {
        var found = new ArrayList<String>();
        for (var file : files) {
            var lines = SourceTree.lines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
            }
        }
        return found;
    }
}
