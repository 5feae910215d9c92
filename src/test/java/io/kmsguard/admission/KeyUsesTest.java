// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static io.kmsguard.policy.Workloads.PRIVATE_ENV;
import static io.kmsguard.policy.Workloads.PUBLIC_ENV;
import static io.kmsguard.policy.Workloads.SECRET;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Workloads;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class KeyUsesTest {

    private static final Keys KEYS = Keys.generate();
    private static final Map<String, String> PAIR = KEYS.texts();
    private static final JsonNode OWN_SECRET = Workloads.secret("sv", SECRET, PAIR);
    private static final JsonNode OTHER_SECRET = Workloads.secret("sv-b", SECRET, PAIR);

    /** Remembers what it was asked for. */
    private static final class Asked implements Surroundings {
        private final List<String> questions = new ArrayList<>();
        private final Surroundings world;

        Asked(JsonNode... objects) {
            world = GoldenWorld.of(objects);
        }

        @Override
        public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
            questions.add(ref.toString());
            return world.get(ref, deadline);
        }

        @Override
        public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
            questions.add("workloads of " + namespace);
            return world.workloads(namespace, deadline);
        }

        @Override
        public Lookup<List<Workload>> workloads(Deadline deadline) {
            throw new AssertionError("all workloads are too many");
        }

        @Override
        public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
            questions.add("Secrets " + name);
            return world.governanceSecrets(name, deadline);
        }

        private LookupSession session() {
            return new LookupSession(this, Deadline.in(Duration.ofMinutes(1)));
        }
    }

    private static Facts.KeyUse of(Asked world, Workloads svApp) {
        var session = world.session();
        var workload = session.completed(svApp.read());
        var facts = FactGatherer.gather(Operation.CREATE, workload, Optional.empty(), SecretNames.DEFAULT, session);
        return KeyUses.of(workload, facts, SecretNames.DEFAULT, session);
    }

    private static Facts.KeyUse ofSecret(Asked world) {
        return KeyUses.of(GovernanceSecret.read(OWN_SECRET, "sv"), SecretNames.DEFAULT, world.session());
    }

    private static List<String> users(Facts.KeyUse use) {
        return use.users().toOptional().orElseThrow().stream()
                .map(user -> user.svApp() + " on "
                        + user.participant()
                                .toOptional()
                                .map(ObjectRef::toString)
                                .orElse("?"))
                .toList();
    }

    @Test
    void asks_for_the_secrets_and_the_neighbours_of_an_sv_that_reads_one() {
        var world = new Asked(
                OWN_SECRET, Workloads.secret("sv-b", SECRET, Keys.generate().texts()));
        assertThat(users(of(world, keyedSvApp()))).containsExactly("Deployment sv/sv-app on ?");
        assertThat(world.questions).containsExactly("Secret sv/" + SECRET, "Secrets " + SECRET, "workloads of sv");
    }

    @Test
    void asks_nothing_for_a_key_that_cannot_be_seen() {
        var world = new Asked();
        var vault = svApp().withEnv(PUBLIC_ENV, "vault:sv#public").withEnv(PRIVATE_ENV, "vault:sv#private");
        assertThat(users(of(world, vault))).isEmpty();
        assertThat(users(of(world, svApp()))).isEmpty();
        assertThat(world.questions).doesNotContain("Secrets " + SECRET);
    }

    @Test
    void a_plain_value_is_compared_too_and_needs_no_neighbours() {
        var world = new Asked(OTHER_SECRET, keyedSvApp().in("sv-b").json());
        var plain = svApp().withNode("current", "comet-bft-config.enabled = false")
                .withEnv(PUBLIC_ENV, KEYS.publicKey())
                .withEnv(PRIVATE_ENV, KEYS.privateKey());
        assertThat(users(of(world, plain)))
                .containsExactly(
                        "Deployment sv/sv-app on Service sv/participant",
                        "Deployment sv-b/sv-app on Service sv-b/participant");
        assertThat(world.questions).startsWith("Secrets " + SECRET, "workloads of sv-b");
    }

    @Test
    void looks_for_participants_only_where_a_key_is_shared() {
        var world = new Asked(
                OWN_SECRET,
                OTHER_SECRET,
                participant().json(),
                keyedSvApp().in("sv-b").withAddress("participant.sv").json());
        assertThat(users(of(world, keyedSvApp())))
                .containsExactly(
                        "Deployment sv/sv-app on Deployment sv/participant",
                        "Deployment sv-b/sv-app on Deployment sv/participant");
    }

    @Test
    void the_version_under_review_counts_and_not_the_one_that_runs() {
        var world =
                new Asked(OWN_SECRET, keyedSvApp().withAddress("participant-0").json());
        assertThat(users(of(world, keyedSvApp()))).containsExactly("Deployment sv/sv-app on ?");
        var old = new Asked(
                Workloads.secret("sv", SECRET, Keys.generate().texts()),
                keyedSvApp().json());
        assertThat(users(ofSecret(old))).containsExactly("Deployment sv/sv-app on ?");
    }

    @Test
    void a_secret_of_another_name_that_both_read_is_seen() {
        var named = keyedSvApp()
                .withoutEnv(PRIVATE_ENV)
                .withoutEnv(PUBLIC_ENV)
                .withSecretEnv(PUBLIC_ENV, "mine", "pub")
                .withSecretEnv(PRIVATE_ENV, "mine", "priv");
        var mine = Workloads.secret("sv", "mine", Map.of("pub", KEYS.publicKey(), "priv", KEYS.privateKey()));
        var world = new Asked(
                mine, named.named("sv-app-1").withAddress("participant-1").json());
        assertThat(users(of(world, named)))
                .containsExactly(
                        "Deployment sv/sv-app on Service sv/participant",
                        "Deployment sv/sv-app-1 on Service sv/participant-1");
    }

    @Test
    void who_knows_only_the_public_half_learns_nothing() {
        var world = new Asked(OTHER_SECRET, keyedSvApp().in("sv-b").json());
        var guess = Workloads.secret("sv", SECRET, Map.of("public", KEYS.publicKey(), "private", "null"));
        assertThat(users(KeyUses.of(GovernanceSecret.read(guess, "sv"), SecretNames.DEFAULT, world.session())))
                .isEmpty();
        assertThat(world.questions).containsExactly("workloads of sv");
    }

    @Test
    void a_copy_that_nobody_reads_has_no_user() {
        assertThat(users(ofSecret(new Asked(OTHER_SECRET, svApp().in("sv-b").json()))))
                .isEmpty();
    }

    @Test
    void says_what_could_not_be_listed() {
        var unreadable = JsonMapper.shared()
                .createObjectNode()
                .put("apiVersion", "v1")
                .put("kind", "Unreadable")
                .put("why", "the API server answered 500");
        var world = new Asked(OWN_SECRET, unreadable);
        assertThat(of(world, keyedSvApp()).users()).isEqualTo(Lookup.unknown("the API server answered 500"));
        assertThat(ofSecret(world).users()).isEqualTo(Lookup.unknown("the API server answered 500"));
        assertThat(ofSecret(world).svApps()).isEqualTo(Lookup.unknown("the API server answered 500"));
        unreadable
                .putObject("object")
                .put("kind", "Secret")
                .put("namespace", "*")
                .put("name", SECRET);
        assertThat(of(new Asked(OWN_SECRET, unreadable), keyedSvApp()).users())
                .isEqualTo(Lookup.unknown("the API server answered 500"));
        var late = new LookupSession(new Asked(OWN_SECRET), Deadline.in(Duration.ZERO));
        assertThat(KeyUses.of(GovernanceSecret.read(OWN_SECRET, "sv"), SecretNames.DEFAULT, late)
                        .users())
                .isEqualTo(Lookup.unknown("the Secrets " + SECRET
                        + " of all namespaces could not be read before the deadline of this review"));
    }

    @Test
    void of_a_deletion_the_namespace_comes_first() {
        var terminating =
                JsonMapper.shared().createObjectNode().put("apiVersion", "v1").put("kind", "Namespace");
        terminating.putObject("metadata").put("name", "sv");
        terminating.putObject("status").put("phase", "Terminating");
        var world = new Asked(terminating, keyedSvApp().json());
        var use = KeyUses.ofDeletion(GovernanceSecret.read(OWN_SECRET, "sv"), world.session());
        assertThat(use.terminating()).isEqualTo(Lookup.found(true));
        assertThat(world.questions).containsExactly("Namespace sv");

        terminating.putObject("status");
        ((tools.jackson.databind.node.ObjectNode) terminating.path("metadata"))
                .put("deletionTimestamp", "2026-08-19T12:00:00Z");
        assertThat(KeyUses.ofDeletion(GovernanceSecret.read(OWN_SECRET, "sv"), new Asked(terminating).session())
                        .terminating())
                .isEqualTo(Lookup.found(true));
    }

    @Test
    void a_namespace_that_is_not_found_is_gone_and_one_that_no_manifest_names_is_there() {
        var asked = new Asked(keyedSvApp().json());
        var use = KeyUses.ofDeletion(GovernanceSecret.read(OWN_SECRET, "sv"), asked.session());
        assertThat(use.terminating()).isEqualTo(Lookup.found(false));
        assertThat(use.svApps().map(List::size)).isEqualTo(Lookup.found(1));
        assertThat(asked.questions).containsExactly("Namespace sv", "workloads of sv");
    }
}
