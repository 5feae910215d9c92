// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.changeOfSecret;
import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Subjects.deletionOfSecret;
import static io.kmsguard.policy.Workloads.PRIVATE_ENV;
import static io.kmsguard.policy.Workloads.PUBLIC_ENV;
import static io.kmsguard.policy.Workloads.SECRET;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.Workload;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GovernanceKeyInUseTest {

    private static final Keys KEYS = Keys.generate();
    private static final Keys OTHER_KEYS = Keys.generate();
    private static final Map<String, String> PAIR = KEYS.texts();
    private static final Map<String, String> OTHER = OTHER_KEYS.texts();
    private static final String READER =
            "Deployment sv/sv-app (container sv-app, env SPLICE_APP_SV_COMETBFT_GOVERNANCE_PRIVATE_KEY)";
    private static final String RETIRE = "to retire the SV: kubectl -n sv get secret " + SECRET
            + " -o yaml > key.yaml (keep it safe), then kubectl -n sv delete deployment/sv-app, then kubectl -n sv delete"
            + " secret " + SECRET;
    private static final String DELETION_FIX =
            "to change the key, apply the new Secret over this one, without a deletion; " + RETIRE;

    private static List<String> found(Subjects subject) {
        return Found.by(new GovernanceKeyInUse(), subject);
    }

    private static Subjects among(Subjects subject, Workloads... svApps) {
        return facts(
                subject,
                Lookup.found(false),
                Lookup.found(Arrays.stream(svApps).map(Workloads::read).toList()));
    }

    private static Subjects facts(Subjects subject, Lookup<Boolean> terminating, Lookup<List<Workload>> svApps) {
        return subject.withKeyUse(new Facts.KeyUse(terminating, svApps, Facts.KeyUse.NONE.users()));
    }

    @Test
    void refuses_to_delete_what_an_sv_app_reads() {
        assertThat(found(among(deletionOfSecret(PAIR), keyedSvApp())))
                .containsExactly("BROKEN SEEN this deletion takes the governance key from " + READER
                        + ", and it may be nowhere else | " + DELETION_FIX + " | ");
    }

    @Test
    void an_sv_app_that_is_scaled_to_zero_will_need_it_again() {
        assertThat(found(among(deletionOfSecret(PAIR), keyedSvApp().withReplicas(0))))
                .containsExactly("BROKEN SEEN this deletion takes the governance key from " + READER
                        + ", which is scaled to zero and will need it again, and it may be nowhere else | "
                        + DELETION_FIX + " | ");
    }

    @Test
    void says_of_an_immutable_secret_that_it_must_be_made_anew() {
        var json = Workloads.secret("sv", SECRET, PAIR).put("immutable", true);
        assertThat(found(among(deletionOfSecret(GovernanceSecret.read(json, "sv")), keyedSvApp())))
                .containsExactly("BROKEN SEEN this deletion takes the governance key from " + READER
                        + ", and it may be nowhere else | " + RETIRE + "; to change the Secret, which is immutable: the"
                        + " same, then make it anew and install the SV app again | ");
    }

    @Test
    void names_the_helm_release_where_it_is_known() {
        var released = keyedSvApp().withAnnotation("meta.helm.sh/release-name", "my-sv");
        assertThat(found(among(deletionOfSecret(PAIR), released)))
                .singleElement()
                .asString()
                .contains(", then helm -n sv uninstall my-sv, then kubectl -n sv delete secret " + SECRET);
    }

    @Test
    void one_key_of_the_secret_is_enough() {
        var half = svApp().withSecretEnv(PUBLIC_ENV, SECRET, "public").ofKind("StatefulSet");
        assertThat(found(among(deletionOfSecret(PAIR), half)))
                .singleElement()
                .asString()
                .startsWith("BROKEN SEEN this deletion takes the governance key from StatefulSet sv/sv-app (container"
                        + " sv-app, env SPLICE_APP_SV_COMETBFT_GOVERNANCE_PUBLIC_KEY), and");
    }

    @Test
    void names_every_reader() {
        assertThat(found(
                        among(deletionOfSecret(PAIR), keyedSvApp(), keyedSvApp().named("sv-app-2"))))
                .hasSize(2);
    }

    @Test
    void lets_go_what_nobody_reads() {
        var vault = svApp().withEnv(PUBLIC_ENV, "vault:sv#public").withEnv(PRIVATE_ENV, "vault:sv#private");
        var another = svApp().withSecretEnv(PRIVATE_ENV, "another-secret", "private");
        assertThat(found(among(deletionOfSecret(PAIR), svApp(), vault, another)))
                .isEmpty();
    }

    @Test
    void never_holds_up_a_namespace_that_is_being_deleted() {
        var deletion = deletionOfSecret(PAIR);
        assertThat(found(facts(
                        deletion,
                        Lookup.found(true),
                        Lookup.found(List.of(keyedSvApp().read())))))
                .isEmpty();
        assertThat(found(facts(deletion, Lookup.found(true), Lookup.unknown("the API server answered 500"))))
                .isEmpty();
    }

    @Test
    void what_cannot_be_told_is_never_fine() {
        var deletion = deletionOfSecret(PAIR);
        assertThat(found(facts(
                        deletion,
                        Lookup.unknown("the API server answered 500"),
                        Lookup.found(List.of(keyedSvApp().read())))))
                .containsExactly("BROKEN UNKNOWN this deletion takes the governance key from " + READER
                        + ", and it may be nowhere else; whether its namespace is being deleted as a whole could not be"
                        + " told: the API server answered 500 | " + DELETION_FIX + " | ");
        assertThat(found(facts(
                        deletion,
                        Lookup.unknown("the API server answered 500"),
                        Lookup.found(List.of(svApp().read())))))
                .isEmpty();
        assertThat(found(facts(deletion, Lookup.found(false), Lookup.unknown("the API server answered 500"))))
                .containsExactly(
                        "BROKEN UNKNOWN whether this deletion takes the governance key from an SV app could not be"
                                + " told: the API server answered 500 | let the guard list the Deployments and StatefulSets of"
                                + " this namespace, and try again | ");
    }

    @Test
    void refuses_to_drop_a_key_that_an_sv_app_reads() {
        var renamed = Map.of("publicKey", KEYS.publicKey(), "privateKey", KEYS.privateKey());
        assertThat(found(among(changeOfSecret(PAIR, renamed), keyedSvApp())))
                .containsExactly("BROKEN SEEN this update takes the keys private and public out of the Secret, from "
                        + READER + " | leave private and public in Secret sv/" + SECRET
                        + " and add the new names beside; once the env of Deployment sv/sv-app reads these, take the old"
                        + " ones out | /data");
        assertThat(found(among(changeOfSecret(PAIR, renamed), svApp()))).isEmpty();
    }

    @Test
    void a_key_that_was_not_there_is_not_dropped() {
        assertThat(found(among(changeOfSecret(Map.of("a", "x"), Map.of("a", "y")), keyedSvApp())))
                .isEmpty();
        assertThat(found(among(
                        changeOfSecret(
                                Map.of("a", "x", "public", KEYS.publicKey(), "private", KEYS.privateKey()), PAIR),
                        keyedSvApp())))
                .isEmpty();
    }

    @Test
    void warns_of_another_pair() {
        assertThat(found(among(changeOfSecret(PAIR, OTHER), keyedSvApp())))
                .containsExactly(
                        "ADVISABLE SEEN another governance key for Deployment sv/sv-app, which keeps the old one"
                                + " until it is restarted | if it is meant: kubectl -n sv rollout restart deployment/sv-app; keep"
                                + " the old pair until the SV's node shows the new one | /data");
        assertThat(found(among(changeOfSecret(PAIR, OTHER), svApp()))).isEmpty();
    }

    @Test
    void to_mend_a_pair_is_no_change_of_the_key() {
        var broken = Map.of("public", "null", "private", "null");
        assertThat(found(among(changeOfSecret(broken, PAIR), keyedSvApp()))).isEmpty();
        assertThat(found(among(changeOfSecret(PAIR, broken), keyedSvApp()))).isEmpty();
        assertThat(found(among(
                        changeOfSecret(Map.of("public", OTHER_KEYS.publicKey(), "private", KEYS.privateKey()), PAIR),
                        keyedSvApp())))
                .isEmpty();
    }

    @Test
    void an_update_that_drops_keys_is_refused_where_nobody_can_tell_who_reads_them() {
        Lookup<List<Workload>> unknown = Lookup.unknown("the API server answered 500");
        assertThat(found(facts(changeOfSecret(PAIR, Map.of("public", KEYS.publicKey())), Lookup.found(false), unknown)))
                .containsExactly(
                        "BROKEN UNKNOWN whether this update, which drops keys, takes the governance key from an SV"
                                + " app could not be told: the API server answered 500 | let the guard list the Deployments and"
                                + " StatefulSets of this namespace, and try again | ");
        assertThat(found(facts(changeOfSecret(PAIR, OTHER), Lookup.found(false), unknown)))
                .isEmpty();
    }

    @Test
    void a_creation_and_a_workload_take_nothing_away() {
        assertThat(found(among(creationOfSecret(PAIR), keyedSvApp()))).isEmpty();
        assertThat(found(among(creationOf(keyedSvApp()), keyedSvApp()))).isEmpty();
    }
}
