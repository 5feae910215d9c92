// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.injection.Injections;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Policy;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.rule.Rules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GuardTest {

    private static final JsonMapper JSON = new JsonMapper();

    private final List<String> told = new ArrayList<>();

    private ReviewService.Answer answer(Policy policy, byte[] body) {
        var judge = new Judge(policy, Injections.all(), SecretNames.DEFAULT);
        return new Guard(
                        judge,
                        GoldenWorld.of(),
                        (webhook, request, verdict, took) -> told.add(webhook + " " + request.uid() + " "
                                + verdict.getClass().getSimpleName()))
                .answer(Webhook.VALIDATE, body, Deadline.in(Duration.ofMinutes(1)));
    }

    private static byte[] migration() {
        var review =
                JSON.createObjectNode().put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        var request = review.putObject("request")
                .put("uid", "u")
                .put("operation", "UPDATE")
                .put("namespace", "sv");
        request.putObject("kind").put("kind", "Deployment");
        request.set("object", participant().json());
        request.set("oldObject", kmsParticipant().json());
        return JSON.writeValueAsBytes(review);
    }

    private static JsonNode response(ReviewService.Answer answer) {
        return JSON.readTree(answer.body()).path("response");
    }

    @Test
    void tells_the_listener_of_every_answered_review() {
        assertThat(answer(Policy.of(Rules.all()), migration()).status()).isEqualTo(200);
        assertThat(answer(Policy.of(Rules.all()), "{".getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(400);
        assertThat(told).containsExactly("VALIDATE u Validated");
    }

    @Test
    void writes_the_rules_into_the_audit_log_by_what_is_done_about_them() {
        assertThat(response(answer(Policy.of(Rules.all()), migration())).path("auditAnnotations"))
                .hasToString("{\"decision\":\"deny\",\"deny\":\"kms-migration\"}");
    }

    @Test
    void passes_what_is_only_audited_without_a_word_to_the_operator() {
        var policy = new Policy(Rules.all(), Map.of("kms-migration", Action.AUDIT), Action.DENY, List.of());
        assertThat(response(answer(policy, migration())))
                .hasToString("{\"uid\":\"u\",\"allowed\":true,\"auditAnnotations\":"
                        + "{\"decision\":\"allow\",\"audit\":\"kms-migration\"}}");
    }
}
