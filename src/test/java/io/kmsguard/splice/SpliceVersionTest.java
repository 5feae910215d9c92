// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpliceVersionTest {

    private static SpliceVersion version(String text) {
        return SpliceVersion.parse(text).orElseThrow();
    }

    @Test
    void snapshots_rank_between_the_releases_around_them_and_by_date_and_build() {
        var inOrder = List.of(
                "0.7.2",
                "0.7.3",
                "0.7.4-snapshot.20260818.9999.0.vffffffff",
                "0.7.4-snapshot.20260819.3601.0.v6f68f6b3",
                "0.7.4-snapshot.20260819.3602.0.v00000000",
                "0.7.4",
                "0.10.0",
                "1.0.0");
        var shuffled = Stream.of(5, 2, 7, 0, 4, 6, 1, 3).map(inOrder::get).toList();
        assertThat(shuffled.stream().map(SpliceVersionTest::version).sorted().toList())
                .isEqualTo(inOrder.stream().map(SpliceVersionTest::version).toList());
    }

    @Test
    void compares() {
        assertThat(version("0.7.1").isBefore(SpliceVersion.of(0, 7, 2))).isTrue();
        assertThat(version("v0.7.2").isBefore(SpliceVersion.of(0, 7, 2))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "latest", "main", "0.7", "0.7.3.1", "99999.0.0", "1.2.3\n", "sha256"})
    void what_is_no_version(String text) {
        assertThat(SpliceVersion.parse(text)).isEmpty();
    }

    @Test
    void prints_without_the_build() {
        assertThat(version("0.7.4-snapshot.20260819.3601.0.v6f68f6b3")).hasToString("0.7.4-snapshot");
        assertThat(SpliceVersion.of(0, 7, 4)).hasToString("0.7.4");
    }

    @Test
    void reads_the_label_of_a_chart() {
        assertThat(SpliceVersion.ofChart("splice-sv-node-0.6.14")).contains(SpliceVersion.of(0, 6, 14));
        assertThat(SpliceVersion.ofChart("splice-sv-node")).isEmpty();
        assertThat(SpliceVersion.ofChart("acme-canton-0.6.14")).isEmpty();
    }
}
