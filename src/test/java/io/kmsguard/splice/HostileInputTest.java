// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text made to hurt: it is answered by a value. The time limits only stop what would never end. */
class HostileInputTest {

    private static final Duration NEVER_ENDS = Duration.ofSeconds(20);

    private static final List<String> ODD = List.of(
            "a = ${a}",
            "a = ${b}\nb = ${a}",
            "a { b = ${a} }",
            "canton = ${canton}",
            "canton.participants.p.crypto = ${canton.participants.p.crypto} { provider = kms }",
            "${a}",
            "a = ${",
            "a = ${}",
            "a = ${?}",
            "a = ${\"}",
            "a = ${b.}",
            "a = ${.b}",
            "\u0000",
            "\uFDD0",
            "a = \"\uFDD0A\uFDD1\"",
            "canton = 1",
            "canton.participants = []",
            "canton.participants.p = null",
            "canton.participants.p.crypto = null",
            "canton.participants.p.crypto.kms = []",
            "canton.sv-apps.sv.local-synchronizer-nodes = 3",
            "canton.sv-apps.sv.local-synchronizer-nodes.additional-legacy = x",
            "_comet_bft_config = [ ]",
            "_comet_bft_config.governance-key = x",
            "_comet_bft_config.governance-key { public-key = {}, private-key = null }",
            "_comet_bft_config.enabled = {}",
            "\"\".\"\".\"\" = 1",
            "a = \"\"\"",
            "\\");

    private static final List<String> WORDS = List.of(
            "canton",
            ".",
            "participants",
            "p",
            "crypto",
            "{",
            "}",
            "=",
            ":",
            "kms",
            "provider",
            "\n",
            " ",
            "\"",
            "\"\"\"",
            "#",
            "//",
            "${",
            "${?",
            "X",
            "[",
            "]",
            ",",
            "type",
            "aws",
            "+=",
            "map[",
            "include ",
            "\\",
            "$(X)");

    static List<String> oddTexts() {
        return ODD;
    }

    private static AdditionalConfig read(String hocon) {
        return assertTimeoutPreemptively(
                NEVER_ENDS,
                () -> Manifest.participant().env("ADDITIONAL_CONFIG_X", hocon).config());
    }

    private static void isTooLarge(String hocon, String why) {
        var config = read(hocon);
        assertThat(config.isJudged()).isFalse();
        assertThat(config.problem()).contains("it is too large to judge: " + why);
    }

    @ParameterizedTest
    @ValueSource(ints = {61, 2_000, 20_000})
    void deep_nesting(int levels) {
        isTooLarge("a {".repeat(levels), "it is nested deeper than 60 levels");
        isTooLarge("a = " + "[".repeat(levels), "it is nested deeper than 60 levels");
        isTooLarge(
                "}".repeat(levels) + "a {".repeat(levels).substring(0, Math.min(levels * 3, 60_000 - levels)),
                "it is nested deeper than 60 levels");
    }

    @Test
    void very_long_text() {
        isTooLarge("a {".repeat(100_000), "it has 300001 characters, more than 65536");
    }

    @Test
    void long_paths() {
        isTooLarge("a" + ".a".repeat(30_000) + " = 1", "it has too many substitutions, appends or path elements");
        assertThat(read("a" + ".a".repeat(3_000) + " = 1").cryptos()).isEmpty();
    }

    @Test
    void appends() {
        isTooLarge("a += 1\n".repeat(9_000), "it has too many substitutions, appends or path elements");
    }

    @Test
    void exponential_substitutions() {
        var hocon = new StringBuilder("a0 = xxxxxxxxxx\n");
        for (var i = 1; i < 60; i++) {
            hocon.append("a" + i + " = ${a" + (i - 1) + "}${a" + (i - 1) + "}\n");
        }
        isTooLarge(hocon.toString(), "it refers to itself 118 times");
    }

    @ParameterizedTest
    @MethodSource("oddTexts")
    void odd_text_is_answered(String hocon) {
        var container = assertTimeoutPreemptively(
                NEVER_ENDS,
                () -> Manifest.svApp().env("ADDITIONAL_CONFIG_X", hocon).container());
        assertThat(container.config().isJudged() || container.config().problem().isPresent())
                .isTrue();
        assertThat(container.cometBftNodes()).isNotNull();
    }

    @Test
    void nothing_is_included(@TempDir Path folder) throws IOException {
        var file = folder.resolve("inc.conf");
        Files.writeString(file, "canton.participants.participant.crypto.provider = kms");
        Files.createDirectories(folder);
        for (var include : new String[] {
            "\"" + file + "\"",
            "file(\"" + file + "\")",
            "required(file(\"" + file + "\"))",
            "url(\"" + file.toUri() + "\")",
            "classpath(\"reference.conf\")"
        }) {
            var config = read("include " + include + "\na = 1");
            assertThat(config.problem()).as(include).isEmpty();
            assertThat(config.cryptos()).as(include).isEmpty();
        }
    }

    @Test
    void an_enormous_env_list() {
        var manifest = Manifest.participant();
        for (var i = 0; i < 50_000; i++) {
            manifest.env("V" + i, "$(V" + (i - 1) + ")");
        }
        var container = assertTimeoutPreemptively(
                NEVER_ENDS, (org.junit.jupiter.api.function.ThrowingSupplier<Container>) manifest::container);
        assertThat(container.env()).hasSize(50_000);
    }

    @Test
    void a_cycle_of_templates_in_references() {
        var workload = Manifest.participant()
                .envFrom("configMapRef", "m", "", false)
                .env("A", "$(B)")
                .env("B", "$(A)")
                .env("ADDITIONAL_CONFIG_X", "$(A)$(B)")
                .read();
        assertThat(workload.references()).containsExactly(new ObjectRef("ConfigMap", "sv", "m"));
    }

    static LongStream seeds() {
        return Long.getLong("seed") != null ? LongStream.of(Long.getLong("seed")) : LongStream.range(0, 500);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void random_text_never_throws_and_never_passes_for_no_kms_when_it_cannot_be_read(long seed) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var text = new StringBuilder();
        for (var i = random.nextInt(60); i >= 0; i--) {
            text.append(WORDS.get(random.nextInt(WORDS.size())));
        }
        Supplier<AdditionalConfig> read = () -> Manifest.participant()
                .secretEnv("X", "s", "k", true)
                .env("ADDITIONAL_CONFIG_X", text.toString())
                .config();
        var config = read.get();
        assertThat(config.isJudged()
                        || config.problem().isPresent()
                        || !config.unseen().isEmpty())
                .isTrue();
        assertThat(read.get().cryptos()).isEqualTo(config.cryptos());
    }
}
