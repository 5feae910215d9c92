// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static io.kmsguard.policy.Workloads.PRIVATE_ENV;
import static io.kmsguard.policy.Workloads.PUBLIC_ENV;
import static io.kmsguard.policy.Workloads.SECRET;
import static io.kmsguard.policy.Workloads.aws;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.secret;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.injection.Completion;
import io.kmsguard.injection.Injections;
import io.kmsguard.injection.PatchOperation;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.Policy;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Workloads;
import io.kmsguard.policy.rule.Rules;
import java.math.BigDecimal;
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
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What holds for every injection into every workload. {@code -Dseed=7} runs one seed again. */
class InjectionPropertiesTest {

    private static final Judge JUDGE = new Judge(Policy.of(Rules.all()), Injections.all(), SecretNames.DEFAULT);
    private static final Deadline DEADLINE = Deadline.in(Duration.ofMinutes(10));
    private static final String POD = "/spec/template/spec";
    private static final String CONTAINER = POD + "/containers/0";
    private static final GoldenWorld WORLD = GoldenWorld.of(
            kmsParticipant().json(),
            secret("sv", "gke-credentials", Map.of("googleCredentials", "{}")),
            secret("sv", "aws-credentials", Map.of("accessKeyId", "a", "secretAccessKey", "b")),
            secret("sv", SECRET, Keys.generate().texts()));

    static LongStream seeds() {
        var seed = Long.getLong("seed");
        return seed == null ? LongStream.range(0, 200) : LongStream.of(seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_is_there_more_is_what_was_declared(long seed) {
        var object = workload(new Random(seed));
        var operations = complete(object).operations();
        assertThat(operations).isNotEmpty();
        var more = new ArrayList<String>();
        more("", object, Patches.apply(object, operations), more);
        assertThat(more)
                .containsExactlyInAnyOrderElementsOf(operations.stream()
                        .map(operation -> operation.path() + " " + AdmissionReviews.tree(operation.value()))
                        .toList());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_is_added_taken_away_leaves_the_object_byte_for_byte(long seed) {
        var object = workload(new Random(seed));
        var operations = complete(object).operations();
        assertThat(without(Patches.apply(object, operations), operations)).hasToString(object.toString());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothing_is_added_twice(long seed) {
        var object = workload(new Random(seed));
        var patched = Patches.apply(object, complete(object).operations());
        assertThat(complete(patched)).isEqualTo(Completion.NONE);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_was_completed_is_not_refused(long seed) {
        var object = workload(new Random(seed));
        var patched = Patches.apply(object, complete(object).operations());
        assertThat(judgement(patched).with(Action.DENY)).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_order_of_env_never_matters(long seed) {
        var random = new Random(seed);
        var object = workload(random);
        var shuffled = object.deepCopy();
        shuffle(shuffled, random);
        assertThat(complete(shuffled)).isEqualTo(complete(object));
        assertThat(rules(shuffled)).isEqualTo(rules(object));
    }

    private static Completion complete(JsonNode object) {
        return ((Verdict.Completed) JUDGE.complete(creation(object), WORLD, DEADLINE)).completion();
    }

    private static List<String> rules(JsonNode object) {
        return judgement(object).rulings().stream()
                .map(ruling -> ruling.action() + " " + ruling.finding().rule().id())
                .toList();
    }

    private static Judgement judgement(JsonNode object) {
        return ((Verdict.Validated) JUDGE.validate(creation(object), WORLD, DEADLINE)).judgement();
    }

    private static Change creation(JsonNode object) {
        return new Change(Operation.CREATE, "Deployment", "sv", object, Optional.empty(), false);
    }

    /** A workload that lacks something, with what nobody knows, in any order. */
    private static ObjectNode workload(Random random) {
        var object = withSurprises(bare(random), random).json();
        shuffle(object, random);
        return object;
    }

    private static Workloads bare(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> kmsParticipant();
            case 1 ->
                participant()
                        .withKms(aws("us-east-1", true))
                        .withoutEnv("CANTON_PARTICIPANT_POSTGRES_DB")
                        .withEnv("CANTON_PARTICIPANT_POSTGRES_DB", "participant_1");
            case 2 -> keyedSvApp().withoutEnv(random.nextBoolean() ? PUBLIC_ENV : PRIVATE_ENV);
            case 3 ->
                svApp().withoutEnv("ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT")
                        .withEnv("SPLICE_APP_SV_COMETBFT_ENABLED", "true")
                        .withImage(
                                "sv-app:" + List.of("0.4.2", "0.5.18", "0.6.14").get(random.nextInt(3)));
            default -> keyless(random);
        };
    }

    private static Workloads keyless(Random random) {
        var on = "comet-bft-config.enabled = true";
        var svApp = random.nextBoolean() ? svApp() : keyedSvApp().withNode("legacy", on);
        svApp = random.nextBoolean() ? svApp.withNode("successor", on) : svApp;
        return random.nextBoolean()
                ? svApp.withEnv(
                        "ADDITIONAL_CONFIG_" + random.nextInt(100),
                        "canton.sv-apps.sv.local-synchronizer-nodes.additional-legacy.0 { " + on + " }")
                : svApp;
    }

    private static Workloads withSurprises(Workloads workload, Random random) {
        return workload.with(object -> {
            for (var path : List.of("/metadata", "/spec", POD, CONTAINER, CONTAINER + "/env/0")) {
                surprise((ObjectNode) object.at(path), random);
            }
            var env = (ArrayNode) object.at(CONTAINER + "/env");
            env.addObject().put("name", "LOG_LEVEL_" + random.nextInt(100)).put("value", "1.0");
            surprise(env.addObject().put("name", "FROM_THE_FUTURE").putObject("valueFrom"), random);
            if (random.nextBoolean()) {
                var volumes = ((ObjectNode) object.at(POD)).putArray("volumes");
                surprise(volumes.addObject().put("name", "logback"), random);
            }
            if (random.nextBoolean()) {
                var mounts = ((ObjectNode) object.at(CONTAINER)).putArray("volumeMounts");
                surprise(mounts.addObject().put("mountPath", "/app/logback"), random);
            }
            if (random.nextBoolean()) {
                surprise(
                        ((ArrayNode) object.at(POD + "/containers")).addObject().put("name", "sidecar"), random);
            }
            if (random.nextBoolean()) {
                surprise(
                        ((ObjectNode) object.at(POD)).putArray("initContainers").addObject(), random);
            }
        });
    }

    /** What no version of Kubernetes has yet, and numbers that must keep their digits. */
    private static void surprise(ObjectNode parent, Random random) {
        var number = List.of("1.0", "1.00", "1E+3", "-0.0", "12345678901234567890.5", "9007199254740993")
                .get(random.nextInt(6));
        parent.put("x" + random.nextInt(100), new BigDecimal(number));
        parent.putNull("null");
        parent.putObject("futureField")
                .putArray("list")
                .add(random.nextLong())
                .add("é\u2028")
                .addArray();
    }

    private static void shuffle(JsonNode object, Random random) {
        var env = (ArrayNode) object.at(CONTAINER + "/env");
        var entries = new ArrayList<JsonNode>();
        env.forEach(entries::add);
        Collections.shuffle(entries, random);
        env.removeAll();
        entries.forEach(env::add);
    }

    /** What the second has and the first has not; anything else that differs is told as such. */
    private static void more(String path, JsonNode before, JsonNode after, List<String> found) {
        if (before instanceof ObjectNode was && after instanceof ObjectNode is) {
            was.properties()
                    .forEach(entry ->
                            more(path + "/" + entry.getKey(), entry.getValue(), is.path(entry.getKey()), found));
            is.properties().stream().filter(entry -> !was.has(entry.getKey())).forEach(entry -> {
                found.add(path + "/" + entry.getKey() + " []");
                entry.getValue().forEach(value -> found.add(path + "/" + entry.getKey() + "/- " + value));
            });
        } else if (before instanceof ArrayNode was && after instanceof ArrayNode is && is.size() >= was.size()) {
            for (var i = 0; i < is.size(); i++) {
                if (i < was.size()) {
                    more(path + "/" + i, was.get(i), is.get(i), found);
                } else {
                    found.add(path + "/- " + is.get(i));
                }
            }
        } else if (!before.toString().equals(after.toString())) {
            found.add(path + " is no longer " + before);
        }
    }

    /** Undoes the operations, last first. */
    private static JsonNode without(JsonNode patched, List<PatchOperation> operations) {
        var copy = patched.deepCopy();
        for (var i = operations.size() - 1; i >= 0; i--) {
            var path = operations.get(i).path();
            var slash = path.lastIndexOf('/');
            var parent = copy.at(path.substring(0, slash));
            if (parent instanceof ArrayNode list) {
                list.remove(list.size() - 1);
            } else {
                ((ObjectNode) parent).remove(path.substring(slash + 1));
            }
        }
        return copy;
    }
}
