// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReviewTimeTest {

    private final ReviewTime time = new ReviewTime(Duration.ofSeconds(5), Duration.ofMillis(500));

    @ParameterizedTest
    @CsvSource({
        "10s, 9500",
        "1m, 29500",
        "10000h, 29500",
        "2s, 1600",
        "1s, 800",
        "500ms, 400",
        "1.5s, 1200",
    })
    void keeps_a_margin_of_the_callers_timeout(String timeout, long milliseconds) {
        assertThat(time.of(Optional.of(timeout))).isEqualTo(Duration.ofMillis(milliseconds));
    }

    @Test
    void counts_from_the_default_where_the_caller_tells_nothing() {
        assertThat(time.of(Optional.empty())).isEqualTo(Duration.ofMillis(4_500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "-3s", "0", "0s", "ten", "5 s", "5S", "1e3s", "NaN", "9999999999999999h"})
    void counts_from_the_default_where_the_caller_tells_nonsense(String timeout) {
        assertThat(time.of(Optional.of(timeout))).isEqualTo(Duration.ofMillis(4_500));
    }

    @Test
    void a_long_text_costs_no_time() {
        assertThat(time.of(Optional.of("9".repeat(1_000_000) + "s"))).isEqualTo(Duration.ofMillis(4_500));
    }
}
