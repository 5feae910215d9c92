// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as Go writes them, {@code 1m30s} or {@code 500ms}: what the API server appends to a webhook's URL. */
public final class GoDuration {

    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern().replace("([", "(?:[") + ")+");

    /** Far longer than what Go prints, far shorter than what costs time. */
    private static final int LONGEST = 64;

    private static final Map<String, Duration> UNITS = Map.of(
            "ns", Duration.ofNanos(1),
            "us", Duration.ofNanos(1_000),
            "µs", Duration.ofNanos(1_000),
            "μs", Duration.ofNanos(1_000),
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1));

    private GoDuration() {}

    /** The duration, or nothing where the text is none. A sign is not taken; {@code 0} needs no unit. */
    public static Optional<Duration> parse(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        if (text.length() > LONGEST || !WHOLE.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            var nanos = 0L;
            for (var parts = PART.matcher(text); parts.find(); ) {
                var unit = UNITS.getOrDefault(parts.group(2), Duration.ZERO);
                nanos = Math.addExact(nanos, nanos(parts.group(1), unit.toNanos()));
            }
            return Optional.of(Duration.ofNanos(nanos));
        } catch (ArithmeticException | NumberFormatException tooLong) {
            // Go's own durations end here too.
            return Optional.empty();
        }
    }

    /** Rounded down, as Go does with each part. Without BigDecimal, which takes long to load. */
    private static long nanos(String number, long unit) {
        var point = number.indexOf('.');
        var whole = point < 0 ? number : number.substring(0, point);
        var fraction = 0L;
        for (var digit = number.length() - 1; point >= 0 && digit > point; digit--) {
            fraction = (fraction + (number.charAt(digit) - '0') * unit) / 10;
        }
        return Math.addExact(whole.isEmpty() ? 0 : Math.multiplyExact(Long.parseLong(whole), unit), fraction);
    }

    /** As Go would be given it, without zero parts: {@code 5s}, {@code 1m30s}, {@code 1.5s}, {@code 0s}. Not negative. */
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return plain(BigDecimal.valueOf(duration.toNanos(), 6)) + "ms";
        }
        var seconds = BigDecimal.valueOf(duration.toNanosPart(), 9).add(BigDecimal.valueOf(duration.toSecondsPart()));
        return part(duration.toHours(), "h")
                + part(duration.toMinutesPart(), "m")
                + (seconds.signum() == 0 ? "" : plain(seconds) + "s");
    }

    private static String part(long number, String unit) {
        return number == 0 ? "" : number + unit;
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
