// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Guard;
import io.kmsguard.admission.Judge;
import io.kmsguard.admission.ManifestSurroundings;
import io.kmsguard.admission.Webhook;
import io.kmsguard.injection.Injections;
import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Policy;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Workloads;
import io.kmsguard.policy.rule.Rules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever the webhook is sent with a private key in it, neither its answer nor its log has any of it. */
class LoggedKeysTest {

    private static final JsonMapper JSON = new JsonMapper();

    static LongStream seeds() {
        var replay = Long.getLong("seed");
        return replay == null ? LongStream.range(0, 30) : LongStream.of(replay);
    }

    private static byte[] review(JsonNode object) {
        var review =
                JSON.createObjectNode().put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        var request = review.putObject("request")
                .put("uid", "u")
                .put("operation", "CREATE")
                .put("namespace", "sv");
        request.putObject("kind").set("kind", object.path("kind"));
        request.set("object", object);
        return JSON.writeValueAsBytes(review);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void no_line_of_the_log_holds_a_private_key(long seed) {
        var random = new Random(seed);
        var keys = Keys.generate();
        var form = keys.privateForms().get(random.nextInt(keys.privateForms().size()));
        var objects = List.<JsonNode>of(
                Workloads.secret("sv", Workloads.SECRET, Map.of("public", form, "private", form)),
                Workloads.secret("sv", Workloads.SECRET, Map.of("publicKey", form, form, form)),
                Workloads.svApp().withEnv(Workloads.PRIVATE_ENV, form).json(),
                Workloads.participant().withKms("region = " + form + ", a = {").json());
        try (var metrics = new WebhookMetrics();
                var log = new CapturedLog()) {
            var guard = new Guard(
                    new Judge(Policy.of(Rules.all()), Injections.all(), SecretNames.DEFAULT),
                    ManifestSurroundings.of(List.of(), List.of(), "sv"),
                    new DecisionLog(metrics));
            for (var object : objects) {
                for (var webhook : Webhook.values()) {
                    var answer = guard.answer(webhook, review(object), Deadline.in(Duration.ofMinutes(1)));
                    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                            .doesNotContain(keys.privateForms());
                }
            }
            assertThat(log.events())
                    .isNotEmpty()
                    .allSatisfy(event -> assertThat(
                                    event.getFormattedMessage() + event.getKeyValuePairs() + event.getMDCPropertyMap())
                            .doesNotContain(keys.privateForms())
                            .doesNotContain(form.substring(0, 12)));
        }
    }
}
