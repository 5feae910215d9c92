// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.kmsguard.injection.Completion;
import io.kmsguard.injection.Injection;
import io.kmsguard.injection.Injections;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.policy.Policy;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.rule.Rules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whole reviews, bytes to bytes, against files. {@code -Dgolden.write} writes the responses anew and fails all the same,
 * so that nobody blesses what they have not read.
 */
class GoldenTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final GoldenKeys KEYS = new GoldenKeys();
    private static final String MALFORMED = "malformed";

    static List<GoldenCase> cases() {
        return GoldenCase.all();
    }

    static List<GoldenCase> reviews() {
        return GoldenCase.all().stream()
                .filter(golden -> !golden.subject().equals(MALFORMED))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_response_is_the_one_in_the_file(GoldenCase golden) throws IOException {
        var actual = yaml(shown(answer(golden, body(golden), webhook(golden))));
        if (!Files.exists(golden.response()) || System.getProperty("golden.write") != null) {
            Files.writeString(golden.response(), actual);
            fail("wrote " + golden.response() + ": read it, and run the test again");
        }
        assertThat(actual).isEqualTo(Files.readString(golden.response()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_name_of_the_file_agrees_with_the_response(GoldenCase golden) {
        var shown = shown(answer(golden, body(golden), webhook(golden)));
        var response = JSON.<JsonNode>valueToTree(shown).path("response");
        var causes = response.at("/status/details/causes").size();
        var outcome = "allowed";
        if (shown.containsKey("httpStatus") || (!response.path("allowed").asBoolean() && causes == 0)) {
            outcome = "error";
        } else if (!response.path("allowed").asBoolean()) {
            outcome = "violation";
        } else if (response.has("patch")) {
            outcome = "patched";
        } else if (response.has("warnings")) {
            outcome = "warning";
        }
        assertThat(outcome).isEqualTo(golden.expectation());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_same_review_has_the_same_response(GoldenCase golden) {
        var body = body(golden);
        var first = answer(golden, body, webhook(golden));
        assertThat(answer(golden, body, webhook(golden)).body()).isEqualTo(first.body());
    }

    @ParameterizedTest
    @MethodSource("reviews")
    void both_versions_are_answered_in_kind(GoldenCase golden) {
        var old = review(golden).put("apiVersion", "admission.k8s.io/v1beta1");
        var current = review(golden).put("apiVersion", "admission.k8s.io/v1");
        var answer = text(answer(golden, bytes(old), webhook(golden)));
        assertThat(answer).startsWith("{\"apiVersion\":\"admission.k8s.io/v1beta1\"");
        assertThat(answer.replace("/v1beta1", "/v1")).isEqualTo(text(answer(golden, bytes(current), webhook(golden))));
    }

    @ParameterizedTest
    @MethodSource("reviews")
    void what_was_completed_is_not_completed_again(GoldenCase golden) {
        var review = review(golden);
        var operations = completion(golden, review).operations();
        var request = (ObjectNode) review.path("request");
        if (request.path("object").isObject()) {
            request.set("object", Patches.apply(request.path("object"), operations));
        }
        assertThat(completion(golden, review).operations()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("reviews")
    void a_dry_run_differs_only_by_what_may_not_have_been_seen(GoldenCase golden) {
        var real = rulings(golden, false);
        var inDryRun = rulings(golden, true);
        assertThat(inDryRun.stream().map(GoldenTest::shown))
                .containsExactlyElementsOf(real.stream()
                        .map(ruling -> shown(
                                ruling, ruling.finding().ground() == Ground.ABSENT ? Action.UNSEEN : ruling.action()))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("reviews")
    void no_response_holds_a_private_key(GoldenCase golden) {
        for (var webhook : Webhook.values()) {
            assertThat(text(answer(golden, body(golden), webhook)))
                    .doesNotContain(KEYS.keys().privateForms());
        }
    }

    @ParameterizedTest
    @MethodSource("reviews")
    void what_operators_read_is_one_line_within_its_limits(GoldenCase golden) {
        for (var webhook : Webhook.values()) {
            var response =
                    JSON.readTree(answer(golden, body(golden), webhook).body()).path("response");
            assertThat(response.at("/status/message").asString(""))
                    .hasSizeLessThanOrEqualTo(1_000)
                    .doesNotContain("\n");
            var warnings = new ArrayList<String>();
            response.path("warnings").forEach(warning -> warnings.add(warning.asString()));
            assertThat(warnings)
                    .allSatisfy(warning ->
                            assertThat(warning).hasSizeLessThanOrEqualTo(256).doesNotContain("\n"));
            assertThat(String.join("", warnings)).hasSizeLessThanOrEqualTo(4_096);
        }
    }

    @Test
    void every_file_belongs_to_a_case() {
        assertThat(GoldenCase.strays()).isEmpty();
    }

    @Test
    void every_rule_has_four_goldens_and_every_injection_three() {
        var counts = GoldenCase.all().stream()
                .collect(Collectors.groupingBy(GoldenCase::subject, TreeMap::new, Collectors.counting()));
        var expected = new TreeMap<String, Long>();
        Rules.all().forEach(rule -> expected.put(rule.info().id(), 4L));
        Injections.all().forEach(injection -> expected.put(injection.id(), 3L));
        expected.put(MALFORMED, 8L);
        assertThat(counts.keySet()).containsExactlyElementsOf(expected.keySet());
        assertThat(counts)
                .allSatisfy(
                        (id, count) -> assertThat(count).as(id).isGreaterThanOrEqualTo(expected.getOrDefault(id, 0L)));
    }

    @Test
    void the_page_of_every_rule_shows_what_the_guard_prints() throws IOException {
        for (var rule : Rules.all()) {
            var page = Files.readString(Path.of(rule.info().page()));
            var printed = reviews().stream()
                    .filter(golden -> golden.subject().equals(rule.info().id()))
                    .map(golden -> JSON.readTree(
                            answer(golden, body(golden), webhook(golden)).body()))
                    .flatMap(GoldenTest::printed)
                    .toList();
            assertThat(printed).as(rule.info().id()).anyMatch(page::contains);
        }
    }

    /** The refusal, or the warnings of what is let pass. */
    private static Stream<String> printed(JsonNode review) {
        var response = review.path("response");
        return response.path("allowed").asBoolean()
                ? response.path("warnings").valueStream().map(JsonNode::asString)
                : Stream.of(response.at("/status/message").asString());
    }

    private static Webhook webhook(GoldenCase golden) {
        return Injections.all().stream().map(Injection::id).anyMatch(golden.subject()::equals)
                ? Webhook.MUTATE
                : Webhook.VALIDATE;
    }

    private static ReviewService.Answer answer(GoldenCase golden, byte[] body, Webhook webhook) {
        return answer(golden, body, webhook, ReviewListener.NONE);
    }

    private static ReviewService.Answer answer(
            GoldenCase golden, byte[] body, Webhook webhook, ReviewListener listener) {
        var injections = Injections.all().stream()
                .filter(injection -> !injection.onRequest() || injection.id().equals(golden.subject()))
                .toList();
        var judge = new Judge(Policy.of(Rules.all()), injections, SecretNames.DEFAULT);
        var world = GoldenWorld.read(golden + ".cluster.yaml", KEYS.fill(golden.clusterText()));
        return new Guard(judge, world, listener).answer(webhook, body, Deadline.in(Duration.ofMinutes(1)));
    }

    private static byte[] body(GoldenCase golden) {
        return golden.isText() ? golden.requestText().getBytes(StandardCharsets.UTF_8) : bytes(review(golden));
    }

    private static ObjectNode review(GoldenCase golden) {
        return (ObjectNode) tree(new Yaml().load(KEYS.fill(golden.requestText())));
    }

    private static JsonNode tree(Object document) {
        return JSON.valueToTree(document);
    }

    private static byte[] bytes(JsonNode review) {
        return JSON.writeValueAsBytes(review);
    }

    private static String text(ReviewService.Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static Optional<Verdict> verdict(GoldenCase golden, ObjectNode review, Webhook webhook) {
        var verdicts = new ArrayList<Verdict>();
        answer(golden, bytes(review), webhook, (w, request, verdict, took) -> verdicts.add(verdict));
        return verdicts.stream().findFirst();
    }

    private static Completion completion(GoldenCase golden, ObjectNode review) {
        return verdict(golden, review, Webhook.MUTATE)
                .filter(Verdict.Completed.class::isInstance)
                .map(verdict -> ((Verdict.Completed) verdict).completion())
                .orElse(Completion.NONE);
    }

    private static List<Ruling> rulings(GoldenCase golden, boolean dryRun) {
        var review = review(golden);
        ((ObjectNode) review.path("request")).put("dryRun", dryRun);
        return verdict(golden, review, Webhook.VALIDATE)
                .filter(Verdict.Validated.class::isInstance)
                .map(verdict -> ((Verdict.Validated) verdict).judgement().rulings())
                .orElse(List.of());
    }

    private static String shown(Ruling ruling) {
        return shown(ruling, ruling.action());
    }

    private static String shown(Ruling ruling, Action action) {
        var finding = ruling.finding();
        return action + " " + finding.rule().id() + " " + finding.key() + ": " + finding.message();
    }

    /** The response with its patch decoded. */
    private static Map<String, Object> shown(ReviewService.Answer answer) {
        if (answer.status() != 200) {
            var refused = new TreeMap<String, Object>();
            refused.put("httpStatus", answer.status());
            refused.put("text", text(answer));
            return refused;
        }
        var review = (ObjectNode) JSON.readTree(answer.body());
        if (review.path("response").has("patch")) {
            var patch = JSON.readTree(review.path("response").path("patch").binaryValue());
            ((ObjectNode) review.path("response")).set("patch", patch);
        }
        return JSON.convertValue(review, new TypeReference<>() {});
    }

    private static String yaml(Map<String, Object> document) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        return new Yaml(options).dump(document);
    }
}
