// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReleasesTest {

    private static Optional<SpliceVersion> version(String text) {
        return Optional.of(SpliceVersion.parse(text).orElseThrow());
    }

    /** A row out of its place would leave releases between two rows to the wrong one. */
    @Test
    void each_row_begins_after_the_one_before_and_says_where_it_was_read() {
        assertThat(Releases.TABLE).extracting(Releases.Row::from).isSorted().doesNotHaveDuplicates();
        assertThat(Releases.TABLE).allSatisfy(row -> assertThat(row.source()).isNotBlank());
        var last = Releases.TABLE.get(Releases.TABLE.size() - 1);
        assertThat(Releases.NEWEST.isBefore(last.from())).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void each_novelty_came_once(Novelty novelty) {
        assertThat(Releases.TABLE.stream().filter(row -> row.brings().contains(novelty)))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0.3.9, V3_3",
        "0.4.2, V3_3",
        "0.5.0-snapshot.20260101.1.0.v0, V3_4",
        "0.5.18, V3_4",
        "0.6.0-snapshot.20260101.1.0.v0, V3_5",
        "0.7.99, V3_5",
        "0.8.0, V3_5",
        "0.8.1-snapshot.20261101.1.0.v0, NEWER",
        "0.9.0, NEWER"
    })
    void a_release_carries_a_line_of_canton(String release, CantonLine line) {
        assertThat(Releases.canton(version(release))).isEqualTo(line);
    }

    @Test
    void a_release_that_cannot_be_told_is_taken_for_the_newest_and_its_canton_for_unknown() {
        assertThat(Releases.canton(Optional.empty())).isEqualTo(CantonLine.UNKNOWN);
        assertThat(Arrays.stream(Novelty.values()))
                .allMatch(novelty -> Releases.has(novelty, Optional.empty()))
                .allMatch(novelty -> Releases.has(novelty, version("1.0.0")))
                .noneMatch(novelty -> Releases.has(novelty, version("0.4.2")));
        assertThat(Releases.sessionEncryptionKeys(Optional.empty())).isEmpty();
    }

    @Test
    void knows_the_default_of_session_encryption_keys() {
        assertThat(Releases.sessionEncryptionKeys(version("0.5.13"))).contains(Duration.ofMinutes(10));
        assertThat(Releases.sessionEncryptionKeys(version("0.5.14"))).contains(Duration.ofHours(1));
    }

    @Test
    void knows_where_its_knowledge_ends() {
        assertThat(Releases.isNewerThanKnown(SpliceVersion.of(0, 8, 0))).isFalse();
        assertThat(Releases.isNewerThanKnown(SpliceVersion.of(0, 8, 1))).isTrue();
        assertThat(Releases.isOlderThanKnown(SpliceVersion.of(0, 4, 0))).isFalse();
        assertThat(Releases.isOlderThanKnown(
                        version("0.4.0-snapshot.20250101.1.0.v0").orElseThrow()))
                .isFalse();
        assertThat(Releases.isOlderThanKnown(SpliceVersion.of(0, 3, 21))).isTrue();
    }
}
