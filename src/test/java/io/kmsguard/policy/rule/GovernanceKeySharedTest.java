// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Subjects.deletionOfSecret;
import static io.kmsguard.policy.Workloads.SECRET;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Facts.KeyUser;
import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subjects;
import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GovernanceKeySharedTest {

    private static final Map<String, String> PAIR = Keys.generate().texts();
    private static final KeyUser OWN = user("sv", "sv-app", "participant");
    private static final KeyUser OTHER = user("sv-b", "sv-app", "participant");

    private static List<String> found(Subjects subject, KeyUser... users) {
        return Found.by(new GovernanceKeyShared(), with(subject, Lookup.found(List.of(users))));
    }

    private static Subjects with(Subjects subject, Lookup<List<KeyUser>> users) {
        return subject.withKeyUse(new Facts.KeyUse(Facts.KeyUse.NONE.terminating(), Facts.KeyUse.NONE.svApps(), users));
    }

    private static KeyUser user(String namespace, String svApp, String participant) {
        return user(namespace, svApp, Lookup.found(new ObjectRef("Deployment", namespace, participant)));
    }

    private static KeyUser user(String namespace, String svApp, Lookup<ObjectRef> participant) {
        return new KeyUser(new ObjectRef("Deployment", namespace, svApp), "sv-app", "a", participant);
    }

    private static String fix(String namespace) {
        return "make a pair of your own: kms-guard keys generate -n " + namespace + " | kubectl apply -f -";
    }

    @Test
    void refuses_an_sv_app_with_the_key_of_another_sv() {
        assertThat(found(creationOf(keyedSvApp()), OWN, OTHER))
                .containsExactly(
                        "BROKEN SEEN container sv-app: its governance key is that of Deployment sv-b/sv-app too,"
                                + " on another participant, so that each can sign as the other | " + fix("sv")
                                + " | /spec/template/spec/containers");
    }

    @Test
    void refuses_two_svs_of_one_namespace() {
        assertThat(found(creationOf(keyedSvApp()), OWN, user("sv", "sv-app-1", "participant-1")))
                .containsExactly(
                        "BROKEN SEEN container sv-app: its governance key is that of Deployment sv/sv-app-1 too,"
                                + " on another participant, so that each can sign as the other | run each SV in a namespace of its"
                                + " own, with a key pair of its own: " + fix("NAMESPACE")
                                + " | /spec/template/spec/containers");
    }

    @Test
    void two_containers_of_one_pod_may_be_two_svs() {
        var second = new KeyUser(
                OWN.svApp(), "sv-app-1", "a", Lookup.found(new ObjectRef("Deployment", "sv", "participant-1")));
        assertThat(found(creationOf(keyedSvApp()), OWN, second))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(
                                        "BROKEN SEEN container sv-app: its governance key is that of container sv-app-1 too,"),
                        line -> assertThat(line)
                                .startsWith(
                                        "BROKEN SEEN container sv-app-1: its governance key is that of container sv-app too,"));
    }

    @Test
    void names_three_and_counts_the_rest() {
        assertThat(found(
                        creationOf(keyedSvApp()),
                        OWN,
                        OTHER,
                        user("sv-c", "sv-app", "participant"),
                        user("sv-d", "sv-app", "participant"),
                        user("sv-e", "sv-app", "participant")))
                .singleElement()
                .asString()
                .startsWith("BROKEN SEEN container sv-app: its governance key is that of Deployment sv-b/sv-app and"
                        + " Deployment sv-c/sv-app and Deployment sv-d/sv-app and 1 more too,");
    }

    @Test
    void allows_two_sv_apps_on_one_participant_and_the_only_one() {
        assertThat(found(creationOf(keyedSvApp()), OWN)).isEmpty();
        assertThat(found(creationOf(keyedSvApp()), OWN, user("sv", "sv-app-1", "participant")))
                .isEmpty();
        assertThat(found(creationOf(keyedSvApp()))).isEmpty();
        var only = user("sv", "sv-app", Lookup.unknown("nobody looked"));
        assertThat(found(creationOf(keyedSvApp()), only)).isEmpty();
    }

    @Test
    void another_key_is_another_matter() {
        var another = new KeyUser(OTHER.svApp(), "sv-app", "b", OTHER.participant());
        assertThat(found(creationOf(keyedSvApp()), OWN, another)).isEmpty();
    }

    @Test
    void a_participant_that_cannot_be_told_may_be_another_one() {
        var hidden = user("sv-b", "sv-app", Lookup.unknown("the API server answered 500"));
        assertThat(found(creationOf(keyedSvApp()), OWN, hidden))
                .containsExactly(
                        "BROKEN UNKNOWN container sv-app: its governance key is that of Deployment sv-b/sv-app too,"
                                + " on another participant or not, which could not be told: the API server answered 500 | "
                                + fix("sv") + " | /spec/template/spec/containers");
        var blind = user("sv", "sv-app", Lookup.unknown("the API server answered 500"));
        assertThat(found(creationOf(keyedSvApp()), blind, OTHER))
                .singleElement()
                .asString()
                .startsWith("BROKEN UNKNOWN ");
    }

    @Test
    void one_that_was_seen_is_said_before_one_that_cannot_be_told() {
        var hidden = user("sv-c", "sv-app", Lookup.unknown("the API server answered 500"));
        assertThat(found(creationOf(keyedSvApp()), OWN, hidden, OTHER))
                .singleElement()
                .asString()
                .startsWith(
                        "BROKEN SEEN container sv-app: its governance key is that of Deployment sv-b/sv-app too, on");
    }

    @Test
    void refuses_the_secret_whose_key_another_sv_has() {
        assertThat(found(creationOfSecret(PAIR), OTHER))
                .containsExactly(
                        "BROKEN SEEN the governance key of this Secret is that of Deployment sv-b/sv-app already, so"
                                + " that each can sign as the other | " + fix("sv") + " | /data");
        assertThat(found(creationOfSecret(PAIR), OWN, OTHER))
                .containsExactly("BROKEN SEEN the governance key of this Secret is that of Deployment sv/sv-app and of"
                        + " Deployment sv-b/sv-app, on another participant, so that each can sign as the other | "
                        + fix("sv") + " | /data");
    }

    @Test
    void refuses_the_secret_that_two_svs_read() {
        assertThat(found(creationOfSecret(PAIR), OWN, user("sv", "sv-app-1", "participant-1")))
                .containsExactly("BROKEN SEEN the governance key of this Secret is that of Deployment sv/sv-app and of"
                        + " Deployment sv/sv-app-1, on another participant, so that each can sign as the other | run each"
                        + " SV in a namespace of its own, with a key pair of its own: " + fix("NAMESPACE")
                        + " | /data");
    }

    @Test
    void allows_the_secret_of_one_sv() {
        assertThat(found(creationOfSecret(PAIR))).isEmpty();
        assertThat(found(creationOfSecret(PAIR), OWN)).isEmpty();
        assertThat(found(creationOfSecret(PAIR), OWN, user("sv", "sv-app-1", "participant")))
                .isEmpty();
        // The same SV, on its way to another namespace.
        assertThat(found(creationOfSecret(PAIR), OWN, user("sv-b", "sv-app", OWN.participant())))
                .isEmpty();
    }

    @Test
    void what_cannot_be_looked_for_may_be_there() {
        Lookup<List<KeyUser>> unknown = Lookup.unknown("the API server answered 500");
        var message = "BROKEN UNKNOWN whether another SV has the same governance key could not be told: the API server"
                + " answered 500 | let the guard list the Secrets " + SECRET
                + " and the Deployments and StatefulSets of all namespaces, and try again | ";
        assertThat(Found.by(new GovernanceKeyShared(), with(creationOf(keyedSvApp()), unknown)))
                .containsExactly(message + "/spec/template/spec/containers");
        assertThat(Found.by(new GovernanceKeyShared(), with(creationOfSecret(PAIR), unknown)))
                .containsExactly(message + "/data");
    }

    @Test
    void a_deletion_gives_no_key_to_anybody() {
        assertThat(Found.by(new GovernanceKeyShared(), with(deletionOfSecret(PAIR), Lookup.unknown("nobody looked"))))
                .isEmpty();
    }
}
