// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static io.kmsguard.policy.Workloads.PRIVATE_ENV;
import static io.kmsguard.policy.Workloads.PUBLIC_ENV;
import static io.kmsguard.policy.Workloads.SECRET;
import static io.kmsguard.policy.Workloads.aws;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.injection.Injections;
import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.Policy;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Workloads;
import io.kmsguard.policy.rule.Rules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** What holds for every review. {@code -Dseed=7} runs one seed again. */
class ReviewPropertiesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Judge JUDGE = new Judge(Policy.of(Rules.all()), Injections.all(), SecretNames.DEFAULT);
    private static final String CONTAINER = "/spec/template/spec/containers/0";

    static LongStream seeds() {
        var seed = Long.getLong("seed");
        return seed == null ? LongStream.range(0, 200) : LongStream.of(seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_order_of_env_never_matters(long seed) {
        var random = new Random(seed);
        var before = workload(random);
        var after = workload(random).withEnv("LOG_LEVEL", "INFO");
        var shuffled = after.with(object -> {
            var env = (ArrayNode) object.at(CONTAINER + "/env");
            var entries = new ArrayList<JsonNode>();
            env.forEach(entries::add);
            Collections.shuffle(entries, random);
            env.removeAll();
            entries.forEach(env::add);
        });
        assertThat(rulings(before, shuffled)).containsExactlyElementsOf(rulings(before, after));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void no_answer_holds_a_private_key_wherever_it_stands(long seed) {
        var random = new Random(seed);
        var keys = Keys.generate();
        var form = keys.privateForms().get(random.nextInt(keys.privateForms().size()));
        var svApp = leaky(form, random);
        var secret = Workloads.secret(
                "sv",
                SECRET,
                random.nextBoolean() ? Map.of("public", form, "private", form) : Map.of("privateKey", form));
        var world = random.nextBoolean()
                ? GoldenWorld.of(kmsParticipant().json(), secret)
                : GoldenWorld.of(svApp.json(), secret);
        var guard = new Guard(JUDGE, world, ReviewListener.NONE);
        for (var object : List.of(
                svApp.json(),
                secret,
                participant().withKms("region = " + form + ", a = {").json())) {
            for (var webhook : Webhook.values()) {
                var answer = guard.answer(webhook, review(object), Deadline.in(Duration.ofMinutes(1)));
                assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain(keys.privateForms());
                assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain(form.substring(0, 12));
            }
        }
    }

    private static Workloads leaky(String form, Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> keyedSvApp().withoutEnv(PRIVATE_ENV).withEnv(PRIVATE_ENV, form);
            case 1 -> svApp().withNode("current", "comet-bft-config.governance-key.private-key = \"" + form + "\"");
            case 2 -> svApp().withNode("current", "comet-bft-config.governance-key.private-key = " + form + " : {");
            case 3 ->
                svApp().withNode("current", "comet-bft-config.governance-key { private-key = " + form + "//x\n }");
            case 4 ->
                svApp().withNode("current", "comet-bft-config.governance-key { private-key = map[" + form + ":1] }");
            default -> svApp().withEnv("ADDITIONAL_CONFIG_X", "${" + form + "} = \"" + form);
        };
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

    /** A participant or SV app of many kinds, each env once. */
    private static Workloads workload(Random random) {
        if (random.nextBoolean()) {
            var svApp = random.nextBoolean() ? keyedSvApp() : svApp();
            var more = random.nextBoolean() ? svApp.withNode("successor", "comet-bft-config.enabled = true") : svApp;
            return random.nextBoolean() ? more.withAddress("participant-1") : more.withoutEnv(PUBLIC_ENV);
        }
        var kms = List.of(
                Workloads.gcp("a"),
                Workloads.gcp("b"),
                aws("us-east-1", random.nextBoolean()),
                aws("eu-central-1", true),
                "type = driver, name = hsm",
                "type = gcp, endpoint-override = https://kms.example.com");
        var chosen = participant().withKms(kms.get(random.nextInt(kms.size())));
        var base = random.nextInt(4) == 0 ? participant() : chosen;
        return random.nextBoolean()
                ? base
                : base.withEnv("ADDITIONAL_CONFIG_Z", "canton.participants.participant.crypto.provider = jce")
                        .withEnv("ADDITIONAL_CONFIG_B", "canton.participants.participant.crypto.provider = kms");
    }

    private static List<String> rulings(Workloads before, Workloads after) {
        var world = GoldenWorld.of(
                kmsParticipant().json(), participant().named("participant-1").json());
        var change = new Change(Operation.UPDATE, "Deployment", "sv", after.json(), Optional.of(before.json()), false);
        var verdict = JUDGE.validate(change, world, Deadline.in(Duration.ofMinutes(1)));
        return verdict instanceof Verdict.Validated validated
                ? validated.judgement().rulings().stream()
                        .map(ruling -> ruling.action() + " "
                                + ruling.finding().message().replaceAll("env/\\d+", "env"))
                        .sorted()
                        .toList()
                : List.of();
    }
}
