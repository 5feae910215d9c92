// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.Change;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Judge;
import io.kmsguard.admission.Patches;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.admission.Verdict;
import io.kmsguard.injection.Completion;
import io.kmsguard.injection.Injections;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.Policy;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.rule.Rules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is injected into what the real charts render is what the same charts render for the flag. */
class CorpusCompletionTest {

    private static final String ENV = "/spec/template/spec/containers/0/env";
    private static final List<String> KEYLESS =
            List.of("sv-cometbft-default", "sv-flag-misplaced", "sv-two-nodes-one-key", "sv-canton-bft");
    private static final Judge JUDGE = new Judge(Policy.of(Rules.all()), Injections.all(), SecretNames.DEFAULT);
    private static final Deadline DEADLINE = Deadline.in(Duration.ofMinutes(10));

    @BeforeAll
    static void corpus_is_there() {
        Corpus.assumePresent(CorpusCompletionTest.class);
    }

    private static Change create(JsonNode object) {
        return new Change(Operation.CREATE, "Deployment", "sv", object, Optional.empty(), false);
    }

    private static Surroundings onKms(String release, String svApp) {
        return Corpus.world(
                Corpus.read(release, "participant-kms-gcp-sample"),
                Corpus.read(release, svApp),
                GovernanceSecrets.GOOD.object("sv"));
    }

    private static Completion complete(JsonNode object, Surroundings world) {
        return JUDGE.complete(create(object), world, DEADLINE) instanceof Verdict.Completed completed
                ? completed.completion()
                : Completion.NONE;
    }

    private static List<String> rules(JsonNode object, Surroundings world) {
        return ((Verdict.Validated) JUDGE.validate(create(object), world, DEADLINE))
                .judgement().rulings().stream()
                        .map(ruling -> ruling.finding().rule().id())
                        .toList();
    }

    @Test
    void an_sv_without_a_key_is_clean_once_it_was_completed() {
        for (var release : Corpus.releases()) {
            for (var name :
                    Corpus.names(release).stream().filter(KEYLESS::contains).toList()) {
                var svApp = Corpus.read(release, name).workload();
                var world = onKms(release, name);
                assertThat(rules(svApp, world)).as(release + " " + name).contains("governance-key-flag");
                var completion = complete(svApp, world);
                assertThat(completion.operations()).as(release + " " + name).isNotEmpty();
                var patched = Patches.apply(svApp, completion.operations());
                assertThat(rules(patched, world)).as(release + " " + name).isEmpty();
                assertThat(complete(patched, world)).as(release + " " + name).isEqualTo(Completion.NONE);
            }
        }
    }

    @Test
    void the_env_is_letter_by_letter_what_the_chart_renders() {
        for (var release : Corpus.releases()) {
            var rendered = env(Corpus.read(release, "sv-external-key-top-level").workload());
            var svApp = Corpus.read(release, "sv-cometbft-default").workload();
            var world = onKms(release, "sv-cometbft-default");
            var patched = Patches.apply(svApp, complete(svApp, world).operations());
            assertThat(env(patched)).as(release).containsAllEntriesOf(rendered).hasSize(3);
        }
    }

    /** What the flag is about, by name. */
    private static Map<String, Object> env(JsonNode svApp) {
        var env = new java.util.TreeMap<String, Object>();
        svApp.at(ENV).forEach(variable -> {
            var name = variable.path("name").asString();
            if (name.contains("COMETBFT_GOVERNANCE")) {
                var copy = (ObjectNode) variable.deepCopy();
                copy.put("value", copy.path("value").asString("").strip());
                env.put(name, copy);
            }
        });
        return env;
    }
}
