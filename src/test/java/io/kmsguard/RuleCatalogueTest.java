// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.kmsguard.injection.Injection;
import io.kmsguard.injection.Injections;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.rule.Rules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A rule is four things: its class, its test, its page and its goldens. None may be absent, and none left over. */
class RuleCatalogueTest {

    private static final Path CLASSES = Path.of("src/main/java/io/kmsguard/policy/rule");
    private static final Path TESTS = Path.of("src/test/java/io/kmsguard/policy/rule");
    private static final Path PAGES = Path.of("docs/rules");
    private static final Path GOLDENS = Path.of("src/test/resources/golden");

    private static final List<String> HEADINGS =
            List.of("## What it catches", "## Why it matters", "## How to fix", "## Example", "## Since");

    private static List<Rule> rules() {
        return Rules.all();
    }

    @AfterAll
    static void size() {
        System.out.println("Rule catalogue: " + Rules.all().size() + " rules, each with class, test, page and "
                + SourceTree.filesUnder(GOLDENS, ".request.yaml").size() + " goldens in all");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void every_rule_has_its_class_and_its_test(Rule rule) {
        var name = rule.getClass().getSimpleName();
        assertThat(CLASSES.resolve(name + ".java")).isRegularFile();
        assertThat(TESTS.resolve(name + "Test.java")).isRegularFile();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void every_rule_has_its_page(Rule rule) {
        var page = PAGES.resolve(rule.info().id() + ".md");
        assertThat(page).isRegularFile();
        var lines = SourceTree.lines(page);
        assertThat(lines.get(0)).isEqualTo("# " + rule.info().id());
        assertThat(lines.stream().filter(line -> line.startsWith("## "))).containsExactlyElementsOf(HEADINGS);
        assertThat(rule.info().page()).isEqualTo(page.toString());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void every_rule_has_goldens_that_it_objects_to_and_that_it_lets_pass(Rule rule) {
        var names = SourceTree.filesUnder(GOLDENS.resolve(rule.info().id()), ".request.yaml").stream()
                .map(file -> file.getFileName().toString())
                .toList();
        assertThat(names).anyMatch(name -> name.startsWith("violation.") || name.startsWith("warning."));
        assertThat(names).anyMatch(name -> name.startsWith("allowed."));
    }

    @Test
    void every_id_is_used_once_and_in_the_form_of_ids() {
        assertThat(ids()).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z]+(-[a-z]+)*"));
    }

    @Test
    void every_rule_class_is_in_the_list() {
        var classes = new ClassFileImporter()
                .importPackages("io.kmsguard.policy.rule").stream()
                        .filter(each -> each.isAssignableTo(Rule.class))
                        .map(JavaClass::getSimpleName);
        assertThat(classes)
                .containsExactlyInAnyOrderElementsOf(Rules.all().stream()
                        .map(rule -> rule.getClass().getSimpleName())
                        .toList());
    }

    @Test
    void no_test_page_or_golden_is_left_over() {
        assertThat(SourceTree.filesUnder(TESTS, "Test.java").stream()
                        .map(file -> file.getFileName().toString().replace("Test.java", ".java"))
                        .filter(name -> !Files.exists(CLASSES.resolve(name))))
                .isEmpty();
        assertThat(SourceTree.filesUnder(PAGES, ".md").stream()
                        .map(file -> file.getFileName().toString().replace(".md", "")))
                .containsExactlyInAnyOrderElementsOf(ids());
        var known = Stream.of(
                        ids(), Injections.all().stream().map(Injection::id).toList(), List.of("malformed"))
                .flatMap(List::stream)
                .toList();
        assertThat(SourceTree.filesUnder(GOLDENS, ".yaml").stream()
                        .map(file -> GOLDENS.relativize(file).getName(0).toString())
                        .distinct())
                .isSubsetOf(known);
    }

    private static List<String> ids() {
        return Rules.all().stream().map(rule -> rule.info().id()).toList();
    }
}
