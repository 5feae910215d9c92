// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {

    @ParameterizedTest
    @CsvSource({
        "10s, PT10S, 10s",
        "1m30s, PT1M30S, 1m30s",
        "500ms, PT0.5S, 500ms",
        "1.5s, PT1.5S, 1.5s",
        "1h0m0s, PT1H, 1h",
        "90s, PT1M30S, 1m30s",
        ".5h, PT30M, 30m",
        "3us, PT0.000003S, 0.003ms",
        "3µs, PT0.000003S, 0.003ms",
        "7ns, PT0.000000007S, 0.000007ms",
        "0, PT0S, 0s",
        "2h5.25s, PT2H5.25S, 2h5.25s",
    })
    void reads_and_writes_durations_as_go_does(String text, Duration duration, String written) {
        assertThat(GoDuration.parse(text)).hasValue(duration);
        assertThat(GoDuration.format(duration)).isEqualTo(written);
        assertThat(GoDuration.parse(written)).hasValue(duration);
    }
}
