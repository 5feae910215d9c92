// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.bench;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Guard;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.admission.ReviewListener;
import io.kmsguard.admission.ReviewService.Answer;
import io.kmsguard.admission.Webhook;
import io.kmsguard.injection.Injections;
import io.kmsguard.policy.rule.Rules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One review, bytes in to bytes out, one thread, no network: the whole guard but HTTPS and the cluster's answer times. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx512m"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ReviewBenchmark {

    private static final int VARIANTS = 2_000;

    /** What the API server is asked to do. */
    @Param({"CREATE", "UPDATE"})
    public String operation = "";

    /** What is reviewed. */
    @Param({"PARTICIPANT", "SV_APP"})
    public Guarded object = Guarded.PARTICIPANT;

    /** Whether the same configuration is reviewed again and again, or hardly ever the same twice. */
    @Param({"same", "changing"})
    public String configuration = "";

    private final Guard guard =
            new Guard(PolicyFile.DEFAULT.judge(Rules.all(), Injections.all()), new BenchWorld(), ReviewListener.NONE);
    private byte[][] reviews = {};
    private int next;

    /** Makes the reviews, and looks at one answer of each webhook, lest a refusal be measured by mistake. */
    @Setup
    public void setUp() {
        reviews = IntStream.range(0, configuration.equals("same") ? 1 : VARIANTS)
                .mapToObj(variant -> BenchReview.of(operation, object, variant))
                .toArray(byte[][]::new);
        for (var webhook : Webhook.values()) {
            var answer = new String(answer(webhook).body(), StandardCharsets.UTF_8);
            if (!answer.contains("\"allowed\":true")) {
                throw new IllegalStateException(webhook + ": " + answer);
            }
        }
        System.out.println(operation + " " + object + ": " + reviews[0].length + " bytes");
    }

    /** Judges. */
    @Benchmark
    public Answer validate() {
        return answer(Webhook.VALIDATE);
    }

    /** Completes; nothing is missing. */
    @Benchmark
    public Answer mutate() {
        return answer(Webhook.MUTATE);
    }

    private Answer answer(Webhook webhook) {
        next = (next + 1) % reviews.length;
        return guard.answer(webhook, reviews[next], Deadline.in(Duration.ofSeconds(5)));
    }
}
