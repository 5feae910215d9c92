// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.AuditedObject;
import io.kmsguard.admission.OpenReport;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.splice.Digests;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which findings of an audit are news, and how many of one object may be told at a time: the limits are those of client-go's event
 * recorder. A finding is told once while it lasts; one that went away and is back is told again, but not within ten minutes of
 * the last time. What could not be told, what is excepted and what is only counted is no news. For one thread.
 */
final class FindingNews {

    /** So many Events of one object at once. */
    private static final int BURST = 25;

    /** Then one more in this time. */
    private static final Duration REFILL = Duration.ofMinutes(5);

    private static final Duration AGAIN = Duration.ofMinutes(10);

    /** As long as an API server keeps an Event. */
    private static final Duration FORGET = Duration.ofHours(1);

    /** Of a digest in the name of an Event. */
    private static final int NAME_DIGITS = 32;

    /** How often and when one was told, and whether it was there the last time somebody looked. */
    private record Known(int times, Instant last, boolean lasts) {}

    private record Bucket(double tokens, Instant at) {
        double now(Instant now) {
            return Math.min(BURST, tokens + (double) Duration.between(at, now).toMillis() / REFILL.toMillis());
        }
    }

    private final Map<String, Known> known = new HashMap<>();
    private final Map<String, Bucket> buckets = new HashMap<>();

    /**
     * Something to tell of an object.
     *
     * @param name of the Event: the same finding of the same object has the same name, whoever tells it
     * @param times how often it was told, this time included
     * @param rulings one, or several that are told together
     */
    record News(AuditedObject object, String name, int times, List<Ruling> rulings) {}

    /** What is to be told after a round. */
    List<News> of(AuditReport audit) {
        var now = audit.at();
        var news = new ArrayList<News>();
        var there = new HashSet<String>();
        for (var object : audit.objects()) {
            news.addAll(of(object, now, there));
        }
        // Where something could not be looked at, what is not seen is not gone.
        if (audit.gaps().isEmpty()) {
            known.replaceAll((name, it) -> there.contains(name) ? it : new Known(it.times(), it.last(), false));
            known.values().removeIf(it -> !it.lasts() && isPast(it.last(), FORGET, now));
        }
        buckets.values().removeIf(bucket -> bucket.now(now) >= BURST);
        return news;
    }

    private List<News> of(AuditedObject object, Instant now, Set<String> there) {
        var due = new ArrayList<News>();
        object.judgement().rulings().stream()
                .filter(FindingNews::isTold)
                .sorted(Comparator.comparing((Ruling ruling) -> ruling.finding().ruleClass()))
                .forEach(ruling -> {
                    var name = name(
                            object,
                            ruling.finding().rule().id() + "\n"
                                    + ruling.finding().key());
                    if (there.add(name) && isDue(name, now)) {
                        var before = known.get(name);
                        due.add(new News(object, name, before == null ? 1 : before.times() + 1, List.of(ruling)));
                    }
                });
        return within(due, object, now);
    }

    private static boolean isTold(Ruling ruling) {
        var result = OpenReport.Result.of(ruling);
        return ruling.action() != Action.AUDIT
                && (result == OpenReport.Result.FAIL || result == OpenReport.Result.WARN);
    }

    private boolean isDue(String name, Instant now) {
        var before = known.get(name);
        if (before == null) {
            return true;
        }
        if (before.lasts()) {
            return false;
        }
        if (!isPast(before.last(), AGAIN, now)) {
            known.put(name, new Known(before.times(), before.last(), true));
            return false;
        }
        return true;
    }

    private static boolean isPast(Instant then, Duration time, Instant now) {
        return !then.plus(time).isAfter(now);
    }

    /** What the limits leave of it; the last one that they do tells all the rest. What they do not waits. */
    private List<News> within(List<News> due, AuditedObject object, Instant now) {
        var tokens =
                (int) buckets.getOrDefault(object.uid(), new Bucket(BURST, now)).now(now);
        if (due.size() <= tokens) {
            return due;
        }
        if (tokens == 0) {
            return List.of();
        }
        var some = new ArrayList<>(due.subList(0, tokens - 1));
        var rest = due.subList(tokens - 1, due.size());
        some.add(new News(
                object,
                name(object, String.join("\n", rest.stream().map(News::name).toList())),
                1,
                rest.stream().flatMap(each -> each.rulings().stream()).toList()));
        return some;
    }

    /** It was told. */
    void told(News news, Instant now) {
        var uid = news.object().uid();
        var tokens = buckets.getOrDefault(uid, new Bucket(BURST, now)).now(now);
        buckets.put(uid, new Bucket(tokens - 1, now));
        known(news, now);
    }

    /** It stands there already: somebody told it before. */
    void known(News news, Instant now) {
        for (var ruling : news.rulings()) {
            var name = name(
                    news.object(),
                    ruling.finding().rule().id() + "\n" + ruling.finding().key());
            var before = known.get(name);
            known.put(name, new Known(before == null ? 1 : before.times() + 1, now, true));
        }
    }

    private static String name(AuditedObject object, String what) {
        return OpenReport.GUARD + "." + Digests.of(object.uid() + "\n" + what).substring(0, NAME_DIGITS);
    }
}
