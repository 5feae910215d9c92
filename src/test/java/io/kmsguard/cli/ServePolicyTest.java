// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Guard;
import io.kmsguard.admission.ManifestSurroundings;
import io.kmsguard.admission.ReviewListener;
import io.kmsguard.admission.Verdict;
import io.kmsguard.admission.Webhook;
import io.kmsguard.policy.Workloads;
import io.kmsguard.server.Readiness.State;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ServePolicyTest {

    private static final String HEAD = "apiVersion: kms-guard.io/v1\nkind: GuardPolicy\n";
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);

    private static final String ENVELOPE =
            "canton.participants.participant.crypto.private-key-store.encryption.type = kms";

    /** Two rules speak of it, and no other. */
    private static final String REVIEW = RunningServe.create(Workloads.participant()
            .withEnv("ADDITIONAL_CONFIG_X", ENVELOPE)
            .withEnv("ADDITIONAL_CONFIG_X", ENVELOPE)
            .json());

    @TempDir
    private Path folder;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private Path file = Path.of("policy.yaml");

    @BeforeEach
    void file() {
        file = folder.resolve("policy.yaml");
    }

    private void write(String text) throws IOException {
        var next = Files.writeString(folder.resolve("next"), HEAD + text);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private ServePolicy started() {
        var option = new PolicyOption();
        new CommandLine(CommandSpec.create().addMixin("p", CommandSpec.forAnnotatedObject(option)))
                .parseArgs("--policy", file.toString());
        var content = option.content();
        var reading = PolicyOption.read(content);
        assertThat(reading.problems()).isEmpty();
        return ServePolicy.of(PolicySource.of(option), content, reading.file(), registry, NOON);
    }

    private static void settle(ServePolicy policy) {
        policy.look();
        policy.look();
    }

    private static String decide(ServePolicy policy) {
        var world = ManifestSurroundings.of(List.of(), List.of(), "sv");
        var guard = new Guard(policy::judge, world, ReviewListener.NONE);
        var answer = guard.answer(
                Webhook.VALIDATE, REVIEW.getBytes(StandardCharsets.UTF_8), Deadline.in(Duration.ofMinutes(1)));
        var text = new String(answer.body(), StandardCharsets.UTF_8);
        return text.contains("\"allowed\":false") ? "denied" : text.contains("kms-guard kms-mode") ? "warned" : text;
    }

    @Test
    void a_changed_file_is_in_force_once_it_was_the_same_twice() throws IOException {
        write("");
        try (var policy = started()) {
            assertThat(decide(policy)).isEqualTo("denied");
            write("rules: {kms-mode: warn}\n");
            policy.look();
            assertThat(decide(policy)).isEqualTo("denied");
            policy.look();
            assertThat(decide(policy)).isEqualTo("warned");
            assertThat(policy.state()).isEqualTo(State.ok());
            assertThat(registry.scrape())
                    .contains("kms_guard_policy_reloads_total{result=\"loaded\"} 1.0")
                    .contains("kms_guard_policy_reloads_total{result=\"refused\"} 0.0")
                    .contains("kms_guard_policy_refused 0.0")
                    .contains("kms_guard_policy_in_force_since_seconds 1.795608E9")
                    .contains("kms_guard_policy_hash 2.21025877256648E14\n");
        }
    }

    @Test
    void a_bad_file_leaves_the_last_good_one_in_force_and_says_so() throws IOException {
        write("rules: {kms-mode: warn}\n");
        try (var policy = started()) {
            write("rules: {kms-mod: deny}\nonUnknown: no\n");
            settle(policy);
            settle(policy);
            assertThat(decide(policy)).isEqualTo("warned");
            assertThat(policy.state())
                    .isEqualTo(State.ok("the policy of 2026-11-25T12:00:00Z is kept: " + file
                            + ":3: unknown key kms-mod in rules; did you mean kms-mode? (and 1 more)"));
            assertThat(registry.scrape())
                    .contains("kms_guard_policy_reloads_total{result=\"refused\"} 1.0")
                    .contains("kms_guard_policy_refused 1.0");

            write("rules: {kms-mode: deny}\n");
            settle(policy);
            assertThat(decide(policy)).isEqualTo("denied");
            assertThat(policy.state()).isEqualTo(State.ok());
            assertThat(registry.scrape()).contains("kms_guard_policy_refused 0.0");
        }
    }

    @Test
    void a_file_that_is_gone_leaves_the_last_one_in_force() throws IOException {
        write("rules: {kms-mode: warn}\n");
        try (var policy = started()) {
            Files.delete(file);
            settle(policy);
            assertThat(decide(policy)).isEqualTo("warned");
            assertThat(policy.state().detail()).endsWith("is kept: " + file + ": there is no such file");

            write("rules: {kms-mode: warn}\n");
            settle(policy);
            assertThat(policy.state()).isEqualTo(State.ok());
        }
    }

    @Test
    void without_a_policy_that_was_good_once_it_is_not_ready_and_judges_strictly() {
        var told = new AtomicReference<Optional<PolicyOption.Content>>(Optional.empty());
        var source = new PolicySource(told::get, () -> "ConfigMap a/b was not read yet", Optional.empty(), true);
        try (var policy = ServePolicy.awaited(source, registry, NOON)) {
            policy.look();
            assertThat(policy.state()).isEqualTo(State.not("no policy: ConfigMap a/b was not read yet"));

            told.set(Optional.of(new PolicyOption.Content("ConfigMap a/b", Optional.of(HEAD + "x: 1\n"), "")));
            policy.look();
            assertThat(policy.state().ready()).isFalse();
            assertThat(policy.state().detail()).startsWith("no policy: ConfigMap a/b:3: unknown key x");
            assertThat(decide(policy)).isEqualTo("denied");

            told.set(Optional.of(
                    new PolicyOption.Content("ConfigMap a/b", Optional.of(HEAD + "rules: {kms-mode: warn}\n"), "")));
            policy.look();
            assertThat(policy.state()).isEqualTo(State.ok());
            assertThat(decide(policy)).isEqualTo("warned");

            told.set(Optional.of(new PolicyOption.Content("ConfigMap a/b", Optional.empty(), "it is not there")));
            policy.look();
            assertThat(policy.state())
                    .isEqualTo(State.ok("the policy of 2026-11-25T12:00:00Z is kept: ConfigMap a/b: it is not there"));
            assertThat(decide(policy)).isEqualTo("warned");
        }
    }

    @Test
    void exceptions_that_have_ended_are_counted() throws IOException {
        var exception = "- {rule: kms-mode, namespace: sv, name: %s, owner: o, reason: r, until: %s}\n";
        write("exceptions:\n" + exception.formatted("participant", "2026-11-25")
                + exception.formatted("x", "2026-11-24"));
        try (var policy = started()) {
            assertThat(registry.scrape()).contains("kms_guard_policy_exceptions_expired 1.0");
            assertThat(decide(policy)).isEqualTo("warned");
            write("");
            settle(policy);
            assertThat(registry.scrape()).contains("kms_guard_policy_exceptions_expired 0.0");
        }
    }

    /** Each policy has one action for both rules, so an answer with two actions would be judged by two policies. */
    @Test
    void no_review_fails_while_the_policy_changes_and_each_is_judged_by_one() throws Exception {
        write("rules: {kms-mode: deny, duplicate-env: deny}\n");
        var seen = ConcurrentHashMap.<String>newKeySet();
        var reviews = new AtomicInteger();
        var over = new AtomicBoolean();
        var threads = Executors.newFixedThreadPool(4);
        try (var policy = started()) {
            var running = new ArrayList<Future<Void>>();
            for (var i = 0; i < 4; i++) {
                Callable<Void> reviewer = () -> {
                    while (!over.get()) {
                        seen.add(action(policy));
                        reviews.incrementAndGet();
                    }
                    return null;
                };
                running.add(threads.submit(reviewer));
            }
            change(policy, reviews, running);
            over.set(true);
            for (var each : running) {
                each.get();
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        assertThat(seen).isEqualTo(Set.of("deny", "warn"));
        assertThat(registry.scrape()).contains("kms_guard_policy_reloads_total{result=\"loaded\"} 60.0");
        System.out.println("Policy reload: " + reviews + " reviews over 60 changes, 0 failed");
    }

    private void change(ServePolicy policy, AtomicInteger reviews, List<Future<Void>> running) throws IOException {
        for (var change = 0; change < 60; change++) {
            var action = change % 2 == 0 ? "warn" : "deny";
            write("rules: {kms-mode: " + action + ", duplicate-env: " + action + "}\n# " + change + "\n");
            var enough = reviews.get() + 20;
            settle(policy);
            while (reviews.get() < enough && running.stream().noneMatch(Future::isDone)) {
                Thread.onSpinWait();
            }
        }
    }

    /** The action of both findings of one review. */
    private static String action(ServePolicy policy) {
        var rules = new TreeSet<String>();
        var actions = new HashSet<String>();
        var guard = new Guard(
                policy::judge,
                ManifestSurroundings.of(List.of(), List.of(), "sv"),
                (webhook, request, verdict, took) -> ((Verdict.Validated) verdict)
                        .judgement()
                        .rulings()
                        .forEach(ruling -> {
                            rules.add(ruling.finding().rule().id());
                            actions.add(ruling.action().id());
                        }));
        var answer = guard.answer(
                Webhook.VALIDATE, REVIEW.getBytes(StandardCharsets.UTF_8), Deadline.in(Duration.ofMinutes(1)));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(rules).containsExactly("duplicate-env", "kms-mode");
        assertThat(actions).hasSize(1);
        return actions.iterator().next();
    }
}
