// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.kmsguard.admission.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tells everything that is wrong with {@link ServerSettings} at once. */
public final class SettingsCheck {

    /**
     * Threads that are no review's: one or two for the network, and those that answer 503, health of connections and the
     * handshake while every review is busy.
     */
    static final int SPARE_THREADS = 4;

    /** The longest timeout that Kubernetes lets a webhook have. */
    static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);

    private final List<String> problems = new ArrayList<>();

    private SettingsCheck() {}

    /** One sentence for each wrong setting; empty where all are right. */
    public static List<String> problems(ServerSettings settings) {
        var check = new SettingsCheck();
        check.numbers(settings);
        check.durations(settings);
        return List.copyOf(check.problems);
    }

    private void numbers(ServerSettings settings) {
        range("port", settings.port(), 0, 65_535);
        range("ops-port", settings.opsPort(), 0, 65_535);
        if (settings.port() == settings.opsPort() && settings.port() != 0) {
            problems.add("port and ops-port must differ, both are %d.".formatted(settings.port()));
        }
        range("threads", settings.threads(), 8, 64);
        if (settings.threads() >= 8) {
            range("concurrent-reviews", settings.concurrentReviews(), 1, settings.threads() - SPARE_THREADS);
        }
        range("waiting-reviews", settings.waitingReviews(), 0, 100_000);
        range("connections", settings.connections(), 1, 100_000);
        range("body-limit", settings.bodyLimit(), 1_024, 64 * 1024 * 1024);
    }

    private void durations(ServerSettings settings) {
        range("default-timeout", settings.defaultTimeout(), Duration.ofMillis(1), LONGEST_TIMEOUT);
        range("deadline-margin", settings.deadlineMargin(), Duration.ZERO, LONGEST_TIMEOUT);
        range("drain-delay", settings.drainDelay(), Duration.ZERO, Duration.ofMinutes(5));
        range("stop-timeout", settings.stopTimeout(), Duration.ofMillis(1), Duration.ofMinutes(5));
        range("idle-timeout", settings.idleTimeout(), Duration.ofMillis(100), Duration.ofHours(1));
        range("reload-interval", settings.reloadInterval(), Duration.ofMillis(10), Duration.ofHours(1));
    }

    private void range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            problems.add("%s must be from %d to %d, is %d.".formatted(name, least, most, value));
        }
    }

    private void range(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            problems.add("%s must be from %s to %s, is %s."
                    .formatted(name, GoDuration.format(least), GoDuration.format(most), readable(value)));
        }
    }

    private static String readable(Duration value) {
        return value.isNegative() ? "negative" : GoDuration.format(value);
    }
}
