// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kmsguard.admission.AdmissionRequest;
import io.kmsguard.admission.Verdict;
import io.kmsguard.admission.Webhook;
import io.kmsguard.injection.Completion;
import io.kmsguard.injection.PatchOperation;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.splice.GuardedObject;
import io.kmsguard.splice.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DecisionLogTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final RuleInfo FLAG = new RuleInfo("governance-key-flag", RuleClass.BROKEN, "a flag");
    private static final RuleInfo ENV = new RuleInfo("duplicate-env", RuleClass.ADVISABLE, "env");

    private static final GuardedObject OBJECT = () -> new ObjectRef("Deployment", "sv", "sv-app");

    private final WebhookMetrics metrics = new WebhookMetrics();
    private final DecisionLog log = new DecisionLog(metrics);
    private final Logger logger = (Logger) LoggerFactory.getLogger(DecisionLog.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
        metrics.close();
    }

    private static AdmissionRequest request(String name, String user, JsonNode object) {
        return new AdmissionRequest(
                "admission.k8s.io/v1",
                "uid-1",
                "Deployment",
                "",
                "sv",
                name,
                Optional.of(Operation.UPDATE),
                true,
                user,
                Optional.of(object),
                Optional.empty());
    }

    private static AdmissionRequest request(String name) {
        return request(name, "helm", JSON.createObjectNode());
    }

    private static Verdict judged(Ruling... rulings) {
        return new Verdict.Validated(OBJECT, new Judgement(List.of(rulings)));
    }

    private static Ruling ruling(RuleInfo rule, Action action, Ground ground) {
        return new Ruling(Finding.seen(rule, "key", "hunter2", "hunter2", "").on(ground), action, "hunter2");
    }

    /** The only line, as it is written. */
    private String line() {
        assertThat(lines.list).hasSize(1);
        return new String(new JsonLines().encode(lines.list.get(0)), StandardCharsets.UTF_8);
    }

    private JsonNode fields() {
        return JSON.readTree(line());
    }

    private double counted(String name, String... tags) {
        var counter = metrics.registry().find(name).tags(tags).counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void says_who_did_what_and_what_was_decided() {
        log.reviewed(
                Webhook.VALIDATE,
                request("sv-app"),
                judged(
                        ruling(FLAG, Action.DENY, Ground.SEEN),
                        ruling(FLAG, Action.DENY, Ground.SEEN),
                        ruling(ENV, Action.WARN, Ground.SEEN)),
                Duration.ofNanos(1_234_567));

        var fields = fields();
        assertThat(fields.propertyNames())
                .containsExactly(
                        "time",
                        "level",
                        "logger",
                        "message",
                        "webhook",
                        "uid",
                        "operation",
                        "kind",
                        "namespace",
                        "name",
                        "user",
                        "dryRun",
                        "decision",
                        "rules",
                        "injected",
                        "milliseconds");
        assertThat(line())
                .endsWith("\"level\":\"INFO\",\"logger\":\"io.kmsguard.server.DecisionLog\",\"message\":\"decided\","
                        + "\"webhook\":\"/validate\",\"uid\":\"uid-1\",\"operation\":\"UPDATE\",\"kind\":\"Deployment\","
                        + "\"namespace\":\"sv\",\"name\":\"sv-app\",\"user\":\"helm\",\"dryRun\":true,"
                        + "\"decision\":\"deny\",\"rules\":[\"governance-key-flag:deny\",\"duplicate-env:warn\"],"
                        + "\"injected\":0,\"milliseconds\":1.235}\n");
    }

    @Test
    void counts_each_ruling_and_each_fact_that_could_not_be_told() {
        log.reviewed(
                Webhook.VALIDATE,
                request("sv-app"),
                judged(
                        ruling(FLAG, Action.DENY, Ground.UNKNOWN),
                        ruling(FLAG, Action.WARN, Ground.SEEN),
                        ruling(ENV, Action.WARN, Ground.ABSENT)),
                Duration.ZERO);

        assertThat(counted("kms_guard_decisions", "rule", "governance-key-flag", "action", "deny"))
                .isEqualTo(1);
        assertThat(counted("kms_guard_decisions", "rule", "governance-key-flag", "action", "warn"))
                .isEqualTo(1);
        assertThat(counted("kms_guard_decisions", "rule", "duplicate-env", "action", "warn"))
                .isEqualTo(1);
        assertThat(counted("kms_guard_unknown_facts")).isEqualTo(1);
        assertThat(metrics.scrape()).contains("kms_guard_unknown_facts_total 1.0\n");
    }

    @Test
    void counts_what_was_allowed_without_a_word() {
        log.reviewed(Webhook.VALIDATE, request("sv-app"), judged(), Duration.ZERO);

        assertThat(fields().path("decision").asString()).isEqualTo("allow");
        assertThat(metrics.scrape()).contains("kms_guard_decisions_total{action=\"allow\",rule=\"none\"} 1.0\n");
    }

    @Test
    void counts_injected_entries_and_not_the_lists_made_for_them() {
        var completion = new Completion(
                List.of(
                        new PatchOperation("/spec/template/spec/volumes", List.of()),
                        new PatchOperation("/spec/template/spec/volumes/-", Map.of()),
                        new PatchOperation("/spec/template/spec/containers/0/env/-", Map.of())),
                List.of("a note"));
        log.reviewed(Webhook.MUTATE, request("participant"), new Verdict.Completed(OBJECT, completion), Duration.ZERO);

        assertThat(fields().path("injected").asInt()).isEqualTo(2);
        assertThat(fields().path("decision").asString()).isEqualTo("warn");
        assertThat(counted("kms_guard_injections")).isEqualTo(2);
    }

    @Test
    void tells_what_was_malformed_from_what_is_no_business_of_the_guard() {
        log.reviewed(Webhook.VALIDATE, request("x"), new Verdict.Malformed("/spec", "is hunter2"), Duration.ZERO);
        assertThat(fields().path("decision").asString()).isEqualTo("deny");
        assertThat(counted("kms_guard_decisions", "rule", "malformed", "action", "deny"))
                .isEqualTo(1);

        lines.list.clear();
        log.reviewed(Webhook.VALIDATE, request("x"), new Verdict.Unguarded(), Duration.ZERO);
        assertThat(fields().path("decision").asString()).isEqualTo("unguarded");
    }

    @Test
    void never_says_what_is_in_the_object_or_in_a_finding() {
        var object = JSON.readTree("{\"data\":{\"private\":\"hunter2\"}}");
        var request = request("sv-app", "helm", object);
        log.reviewed(Webhook.VALIDATE, request, judged(ruling(FLAG, Action.DENY, Ground.SEEN)), Duration.ZERO);

        assertThat(line()).doesNotContain("hunter2");
    }

    @Test
    void a_name_cannot_forge_a_line_or_move_a_terminal() {
        var name = "a\n{\"decision\":\"allow\"}\r\u0000\u001b[2J\u009b2J\u202e\u2028\ud800é";
        log.reviewed(Webhook.VALIDATE, request(name), judged(), Duration.ZERO);

        assertThat(line().strip()).matches("[^\\p{Cntrl}\\p{Cf}\\u2028]+").doesNotContain("\\n");
        assertThat(fields().path("name").asString())
                .isEqualTo("a\ufffd{\"decision\":\"allow\"}\ufffd\ufffd\ufffd[2J\ufffd2J\ufffd\ufffd\ufffdé");
    }

    @Test
    void a_long_name_is_cut() {
        log.reviewed(Webhook.VALIDATE, request("n".repeat(5_000_000)), judged(), Duration.ZERO);

        assertThat(fields().path("name").asString()).isEqualTo("n".repeat(253) + "…");
    }
}
