// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.kmsguard.policy.Rule;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Holds ARCHITECTURE.md: one direction, pure judgement, and what no class may touch. */
class ArchitectureTest {

    /** From what knows least to what knows all; packages of one line must not know each other either. */
    private static final List<List<String>> DIRECTION = List.of(
            List.of("splice"),
            List.of("maker"),
            List.of("policy"),
            List.of("injection"),
            List.of("admission"),
            List.of("cluster", "server"),
            List.of("cli"));

    /** Which libraries each package may use besides the JDK and JSpecify; {@code cli} wires all. */
    private static final Map<String, List<String>> LIBRARIES = Map.of(
            "splice", List.of("tools.jackson..", "com.typesafe.config..", "org.bouncycastle.."),
            "maker", List.of("tools.jackson.."),
            "policy", List.of(),
            "injection", List.of(),
            "admission", List.of("tools.jackson..", "org.yaml.snakeyaml..", "org.slf4j.."),
            "cluster", List.of("tools.jackson..", "io.fabric8..", "org.slf4j.."),
            "server",
                    List.of(
                            "io.javalin..",
                            "org.eclipse.jetty..",
                            "jakarta.servlet..",
                            "kotlin..",
                            "org.bouncycastle..",
                            "io.micrometer..",
                            "io.prometheus..",
                            "tools.jackson..",
                            "org.slf4j..",
                            "ch.qos.logback.."));

    private static final JavaClasses MAIN = new ClassFileImporter().importPath(mainClasses());

    @Test
    void imports_go_one_way() {
        for (int line = 0; line < DIRECTION.size(); line++) {
            for (var lower : DIRECTION.get(line)) {
                var forbidden = new ArrayList<>(DIRECTION.get(line));
                forbidden.remove(lower);
                DIRECTION.subList(line + 1, DIRECTION.size()).forEach(forbidden::addAll);
                if (!forbidden.isEmpty()) {
                    check(noClasses()
                            .that()
                            .resideInAPackage(named(lower))
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(forbidden.stream()
                                    .map(ArchitectureTest::named)
                                    .toArray(String[]::new)));
                }
            }
        }
    }

    @Test
    void every_class_is_in_a_package_of_the_direction() {
        var known = DIRECTION.stream()
                .flatMap(List::stream)
                .map(ArchitectureTest::named)
                .toArray(String[]::new);
        check(ArchRuleDefinition.classes().should().resideInAnyPackage(known));
        System.out.println("Architecture: " + MAIN.size() + " classes in " + packages() + " packages");
    }

    @Test
    void a_package_uses_only_its_own_libraries() {
        LIBRARIES.forEach((name, libraries) -> {
            var allowed = new ArrayList<>(List.of("java..", "javax..", "org.jspecify..", "io.kmsguard.."));
            allowed.addAll(libraries);
            check(noClasses()
                    .that()
                    .resideInAPackage(named(name))
                    .should()
                    .dependOnClassesThat(not(resideInAnyPackage(allowed.toArray(String[]::new)))
                            .and(not(belongingToNoPackage()))));
        });
    }

    @Test
    void judging_and_completing_do_no_input_or_output_and_know_no_clock() {
        var pure = noClasses().that().resideInAnyPackage(named("policy"), named("injection"));
        check(pure.should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.io..",
                                "java.net..",
                                "java.nio.file..",
                                "java.nio.channels..",
                                "java.sql..",
                                "java.util.logging..",
                                "java.util.concurrent..",
                                "javax..")
                        .or(type(java.time.Clock.class))
                        .or(type(java.util.Random.class))
                        .or(type(Thread.class))));
        check(pure.should().callMethod(System.class, "currentTimeMillis"));
        check(pure.should().callMethod(System.class, "nanoTime"));
        check(pure.should().callMethod(System.class, "getenv", String.class));
        check(pure.should().callMethod(System.class, "getProperty", String.class));
        check(pure.should().callMethod(java.time.Instant.class, "now"));
        check(pure.should().callMethod(java.time.LocalDate.class, "now"));
    }

    @Test
    void packages_have_no_cycles() {
        check(slices().matching("io.kmsguard.(**)").should().beFreeOfCycles());
    }

    @Test
    void every_package_is_null_marked() {
        assertThat(MAIN.stream().map(JavaClass::getPackage).distinct().toList())
                .allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                        .as(each.getName() + " has a package-info.java with @NullMarked")
                        .isTrue());
    }

    @Test
    void only_main_ends_the_process() {
        var others = noClasses().that().doNotHaveFullyQualifiedName("io.kmsguard.cli.Main");
        check(others.should().callMethod(System.class, "exit", int.class));
        check(others.should().callMethod(Runtime.class, "exit", int.class));
        check(others.should().callMethod(Runtime.class, "halt", int.class));
    }

    @Test
    void no_class_depends_on_the_default_charset_locale_or_the_old_dates() {
        check(noClasses()
                .should()
                .dependOnClassesThat(type(java.util.Calendar.class)
                        .or(type(java.text.DateFormat.class))
                        .or(type(java.util.TimeZone.class))));
        // X.509's interface still speaks of Date: it may be converted from and to an Instant, and nothing else.
        check(noClasses()
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "a Date is made or used",
                        access -> access.getTargetOwner().isEquivalentTo(java.util.Date.class)
                                && !List.of("from", "toInstant").contains(access.getName()))));
        check(noClasses().should().callMethod(String.class, "getBytes"));
        check(noClasses().should().callConstructor(String.class, byte[].class));
        check(noClasses().should().callMethod(String.class, "toLowerCase"));
        check(noClasses().should().callMethod(String.class, "toUpperCase"));
        check(noClasses().should().callMethod(java.nio.charset.Charset.class, "defaultCharset"));
        check(noClasses().should().callConstructor(java.io.InputStreamReader.class, java.io.InputStream.class));
        check(noClasses().should().callConstructor(java.io.OutputStreamWriter.class, java.io.OutputStream.class));
        check(noClasses().should().callConstructor(java.io.FileReader.class, String.class));
        check(noClasses().should().callConstructor(java.io.FileWriter.class, String.class));
    }

    @Test
    void no_class_reflects() {
        check(noClasses().should().dependOnClassesThat().resideInAPackage("java.lang.reflect.."));
        check(noClasses().should().callMethod(Class.class, "forName", String.class));
    }

    @Test
    void every_class_is_final_sealed_or_an_interface() {
        assertThat(MAIN.stream()
                        .filter(each -> !each.isInterface() && !each.isEnum() && !each.isAnonymousClass())
                        .filter(each -> !each.getModifiers().contains(JavaModifier.FINAL))
                        .filter(each -> !each.reflect().isSealed())
                        .map(JavaClass::getName))
                .isEmpty();
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(MAIN);
    }

    /** Primitive types and their arrays. */
    private static DescribedPredicate<JavaClass> belongingToNoPackage() {
        return DescribedPredicate.describe(
                "primitive", each -> each.getBaseComponentType().isPrimitive());
    }

    private static String named(String name) {
        return "io.kmsguard." + name + "..";
    }

    private static long packages() {
        return MAIN.stream().map(JavaClass::getPackageName).distinct().count();
    }

    private static Path mainClasses() {
        try {
            return Path.of(Rule.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
