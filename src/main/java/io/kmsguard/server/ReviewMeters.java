// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.kmsguard.admission.Webhook;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The meters of one webhook, named as controller-runtime names its own, so that dashboards made for those fit. */
final class ReviewMeters {

    private static final Duration[] BUCKETS = Stream.of(
                    0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1_000.0, 2_500.0, 5_000.0, 10_000.0)
            .map(milliseconds -> Duration.ofNanos((long) (milliseconds * 1_000_000)))
            .toArray(Duration[]::new);

    private final String path;
    private final MeterRegistry registry;
    private final Timer latency;
    private final AtomicInteger inFlight = new AtomicInteger();

    ReviewMeters(Webhook webhook, MeterRegistry registry) {
        this.path = webhook.path();
        this.registry = registry;
        this.latency = Timer.builder("controller_runtime_webhook_latency")
                .description("Time to answer a call, from its arrival on")
                .tag("webhook", path)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        Gauge.builder("controller_runtime_webhook_requests_in_flight", inFlight, AtomicInteger::get)
                .description("Calls that are being answered")
                .tag("webhook", path)
                .register(registry);
    }

    void started() {
        inFlight.incrementAndGet();
    }

    void answered(int code, long nanoseconds) {
        inFlight.decrementAndGet();
        latency.record(nanoseconds, TimeUnit.NANOSECONDS);
        count(registry, path, code);
    }

    static void count(MeterRegistry registry, String path, int code) {
        Counter.builder("controller_runtime_webhook_requests")
                .description("Calls by webhook and HTTP status; none for what is no webhook's path")
                .tag("webhook", path)
                .tag("code", Integer.toString(code))
                .register(registry)
                .increment();
    }
}
