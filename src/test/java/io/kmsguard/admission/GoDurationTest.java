// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
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

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807ns, PT2562047H47M16.854775807S",
        "9223372036854775808ns,",
        "2562047h47m16.854775807s, PT2562047H47M16.854775807S",
        "2562047h47m16.854775808s,",
        "99999999999999999999h,",
        "1.9999999999999999999999s, PT1.999999999S",
        "0.3333333333333333333h, PT19M59.999999999S",
        "1., ",
        "1.s, PT1S",
        ".s, ",
        "-1s, ",
        "1, ",
    })
    void rounds_down_and_ends_where_go_does(String text, Duration duration) {
        assertThat(GoDuration.parse(text)).isEqualTo(Optional.ofNullable(duration));
    }
}
