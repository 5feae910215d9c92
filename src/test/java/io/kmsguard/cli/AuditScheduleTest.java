// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AuditScheduleTest {

    private static final Duration INTERVAL = Duration.ofMinutes(10);

    /** Anywhere, and so that it overflows: a nanoTime may be any number. */
    private static final long START = Long.MAX_VALUE - 1_000_000_000L;

    private final AuditSchedule schedule = new AuditSchedule();

    private static long at(int seconds) {
        return START + Duration.ofSeconds(seconds).toNanos();
    }

    private boolean isDue(int seconds) {
        return schedule.isDue(INTERVAL, at(seconds));
    }

    @Test
    void the_first_is_at_once_and_the_next_after_the_interval() {
        assertThat(isDue(0)).isTrue();
        schedule.begin(at(0));
        assertThat(isDue(599)).isFalse();
        assertThat(isDue(600)).isTrue();
    }

    @Test
    void a_change_is_looked_at_when_it_has_settled() {
        schedule.begin(at(0));
        schedule.changed(at(100));
        assertThat(isDue(104)).isFalse();
        assertThat(isDue(105)).isTrue();
    }

    @Test
    void changes_that_never_end_are_looked_at_every_thirty_seconds() {
        schedule.begin(at(0));
        for (var second = 1; second < 30; second++) {
            schedule.changed(at(second));
            assertThat(isDue(second)).isFalse();
        }
        assertThat(isDue(30)).isTrue();
        schedule.begin(at(30));
        schedule.changed(at(31));
        assertThat(isDue(59)).isFalse();
        assertThat(isDue(60)).isTrue();
    }

    @Test
    void a_change_that_was_looked_at_is_none() {
        schedule.changed(at(0));
        schedule.begin(at(0));
        assertThat(isDue(60)).isFalse();
    }

    @Test
    void after_a_reset_it_is_due_at_once() {
        schedule.begin(at(0));
        schedule.reset();
        assertThat(isDue(1)).isTrue();
    }
}
