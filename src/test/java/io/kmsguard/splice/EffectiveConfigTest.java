// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EffectiveConfigTest {

    private static final String A = "ADDITIONAL_CONFIG_A";
    private static final String B = "ADDITIONAL_CONFIG_B";
    private static final String C = "ADDITIONAL_CONFIG_C";

    /** With ConfigMap {@code map} and Secret {@code secret}, each by its data. */
    private static EffectiveConfig read(Manifest manifest, Map<String, Map<String, String>> data) {
        var workload = manifest.read();
        var whole = workload.completed(ref -> Optional.ofNullable(data.get(ref.name())));
        var without = workload.completed(
                ref -> ref.kind().equals("Secret") ? Optional.empty() : Optional.ofNullable(data.get(ref.name())));
        return EffectiveConfig.of(
                whole.containers().get(0), without.containers().get(0));
    }

    private static List<String> lines(Manifest manifest) {
        return lines(read(manifest, Map.of()));
    }

    private static List<String> lines(EffectiveConfig config) {
        return config.entries().stream()
                .map(entry -> String.join(".", entry.path()) + " = " + entry.value() + " @" + entry.env() + ":"
                        + entry.line())
                .toList();
    }

    @Test
    void a_later_name_wins_wherever_it_stands() {
        assertThat(lines(Manifest.participant()
                        .env(B, "canton.x {\n  a = 2\n}\n")
                        .env(A, "canton.x { a = 1, b = one }")))
                .containsExactly("canton.x.a = 2 @" + B + ":2", "canton.x.b = \"one\" @" + A + ":1");
    }

    @Test
    void a_key_that_is_said_twice_is_where_it_was_said_last() {
        assertThat(lines(Manifest.participant().env(A, "x = 1\nx = 2\n\nx = 3\ny = {}\nz = null")))
                .containsExactly("x = 3 @" + A + ":4", "y = {} @" + A + ":5", "z = null @" + A + ":6");
    }

    @Test
    void texts_without_a_line_break_at_their_end_count_as_lines() {
        assertThat(lines(Manifest.participant()
                        .env(A, "x = 1\n\n\n")
                        .env(B, "y = 2")
                        .env(C, "z = 3")))
                .containsExactly("x = 1 @" + A + ":1", "y = 2 @" + B + ":1", "z = 3 @" + C + ":1");
    }

    @Test
    void what_is_substituted_is_where_the_substitution_stands() {
        assertThat(lines(Manifest.participant()
                        .env("HOST", "pg")
                        .env(A, "x = 1\nx = ${HOST}\ny = \"jdbc:\"${HOST}\"/db\"")
                        .env(B, "\nz = ${?NOBODY}\nx = ${?NOBODY}")))
                .containsExactly("x = \"pg\" @" + B + ":3", "y = \"jdbc:pg/db\" @" + A + ":3");
    }

    @Test
    void a_block_that_is_referred_to_keeps_its_lines() {
        assertThat(lines(Manifest.participant().env(A, "_shared {\n  a = 1\n}").env(B, "x = ${_shared}\nx.b = 2")))
                .containsExactly("_shared.a = 1 @" + A + ":2", "x.a = 1 @" + A + ":2", "x.b = 2 @" + B + ":2");
    }

    @Test
    void lists_are_shown_whole_and_numbers_as_canton_reads_them() {
        assertThat(lines(Manifest.participant()
                        .env(A, "x = [1, \"a\", {password = b, c = 1.50, d = [e]}]\ny = 1e3\nz = yes")))
                .containsExactly(
                        "x = [1, \"a\", {\"c\": 1.5, \"d\": [\"e\"], \"password\": \"<hidden>\"}] @" + A + ":1",
                        "y = 1000 @" + A + ":2",
                        "z = \"yes\" @" + A + ":3");
    }

    @Test
    void what_comes_from_a_secret_is_named_and_not_shown() {
        var manifest = Manifest.participant()
                .secretEnv("PLACE", "secret", "place", false)
                .env("INDIRECT", "x$(PLACE)")
                .env(A, "a = ${PLACE}\nb = ${INDIRECT}\nc = \"in \"${PLACE}\nd = $(PLACE)\n")
                .secretEnv(B, "secret", "config", false);
        var config = read(manifest, Map.of("secret", Map.of("place", "berlin", "config", "\ne = 1\nf = [a]")));
        assertThat(lines(config))
                .containsExactly(
                        "a = \"<from a text that holds key place of Secret secret>\" @" + A + ":1",
                        "b = \"<from a text that holds key place of Secret secret>\" @" + A + ":2",
                        "c = \"<from a text that holds key place of Secret secret>\" @" + A + ":3",
                        "d = \"<from a text that holds key place of Secret secret>\" @" + A + ":4",
                        "e = \"<from Secret secret, key config>\" @" + B + ":2",
                        "f = [\"<from Secret secret, key config>\"] @" + B + ":3");
        assertThat(config.unseen()).isEmpty();
        assertThat(config.toString()).doesNotContain("berlin");
    }

    @Test
    void what_is_in_the_environment_by_a_whole_secret_is_not_shown_either() {
        var manifest =
                Manifest.participant().envFrom("secretRef", "secret", "", false).env(A, "a = ${PLACE}\nb = 1");
        assertThat(lines(read(manifest, Map.of("secret", Map.of("PLACE", "berlin")))))
                .containsExactly("a = \"<from Secret secret, key PLACE>\" @" + A + ":1", "b = 1 @" + A + ":2");
    }

    @Test
    void what_comes_from_a_config_map_is_shown_where_it_was_looked_up() {
        var manifest = Manifest.participant()
                .configMapEnv("PLACE", "map", "place", false)
                .configMapEnv(B, "map", "config", false)
                .env(A, "canton.participants.p.crypto { provider = kms, kms { type = aws, region = ${PLACE} } }");
        assertThat(lines(read(manifest, Map.of("map", Map.of("place", "berlin", "config", "b = 1")))))
                .contains("b = 1 @" + B + ":1", region("berlin"));
        assertThat(lines(manifest)).contains(region("<from key place of ConfigMap map>"));
    }

    private static String region(String value) {
        return "canton.participants.p.crypto.kms.region = \"" + value + "\" @" + A + ":1";
    }

    @Test
    void a_secret_in_plain_text_is_hidden() {
        assertThat(lines(Manifest.participant()
                        .env("MY_PASSWORD", "hunter2")
                        .env(A, "password = hunter2\nx = ${MY_PASSWORD}\npin = 1234")))
                .containsExactly(
                        "password = \"<hidden>\" @" + A + ":1",
                        "pin = \"<hidden>\" @" + A + ":3",
                        "x = \"<hidden>\" @" + A + ":2");
    }

    @Test
    void what_nobody_defines_is_said_to_be_missing() {
        assertThat(lines(Manifest.participant().env(A, "a = 1\nb = ${NOBODY}\nc { d = ${NOBODY}, e = 2 }")))
                .containsExactly(
                        "a = 1 @" + A + ":1",
                        "b = \"<needs what the manifest does not define>\" @" + A + ":2",
                        "c.d = \"<needs what the manifest does not define>\" @" + A + ":3",
                        "c.e = 2 @" + A + ":3");
    }

    @Test
    void what_canton_cannot_read_has_no_entries() {
        var config = read(Manifest.participant().env(A, "a = 1").env(B, "b {\n  c = x:y\n"), Map.of());
        assertThat(config.entries()).isEmpty();
        assertThat(config.unreadable().orElseThrow()).startsWith("Canton cannot read env " + B + ": line ");
    }

    @Test
    void says_what_was_not_seen_and_what_is_misread() {
        var config = read(
                Manifest.participant()
                        .secretEnv(A, "secret", "config", false)
                        .env("ADDITIONAL_CONFIG-X", "a = 1")
                        .env(B, "b = x#y"),
                Map.of());
        assertThat(lines(config)).containsExactly("b = \"x\" @" + B + ":1");
        assertThat(config.unseen()).containsExactly(A + " from key config of Secret secret");
        assertThat(config.misread())
                .containsExactlyInAnyOrder(
                        "ADDITIONAL_CONFIG-X does not reach Canton: the image's shell sees only names of letters, digits"
                                + " and _",
                        B + " (b) is cut at #, which starts a comment");
    }
}
