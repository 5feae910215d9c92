// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Workloads.SECRET;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GovernanceKeySecretTest {

    private static final String AT = " | /spec/template/spec/containers/0/env/3";
    private static final String FIX =
            " | make it from the file that the guide's key script printed: kubectl -n sv create"
                    + " secret generic splice-app-sv-cometbft-governance-key --from-literal=public=\"$(jq -r '.publicKey//.public' FILE)\""
                    + " --from-literal=private=\"$(jq -r '.privateKey//.private' FILE)\" --dry-run=client -o yaml | kubectl apply -f -; or"
                    + " with a new pair: kms-guard keys generate -n sv | kubectl apply -f -";

    private static List<String> found(Subjects subject) {
        return Found.by(new GovernanceKeySecret(), subject);
    }

    @Test
    void allows_a_secret_with_both_keys() {
        var texts = Map.of("public", "a", "private", "b");
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, texts))).isEmpty();
        assertThat(found(creationOfSecret(texts))).isEmpty();
    }

    @Test
    void does_not_ask_for_a_secret_that_nothing_reads() {
        var vault = svApp().withEnv(Workloads.PRIVATE_ENV, "vault:secret/data/sv#private");
        assertThat(found(creationOf(vault))).isEmpty();
        assertThat(found(creationOf(svApp()))).isEmpty();
    }

    @Test
    void refuses_an_sv_whose_secret_is_absent() {
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, Lookup.absent())))
                .containsExactly(
                        "BROKEN ABSENT container sv-app: env " + Workloads.PRIVATE_ENV + " comes from Secret sv/"
                                + SECRET + ", which is not there, so the SV app would not start" + FIX
                                + AT);
    }

    @Test
    void warns_of_a_secret_that_is_filled_from_another_one_later() {
        var later = "it is empty until kubernetes-replicator fills it from vault/key";
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, Lookup.notYet(later))))
                .containsExactly("ADVISABLE UNKNOWN container sv-app: Secret sv/" + SECRET + ": " + later
                        + " | see that its source holds the keys public and private" + AT);
    }

    @Test
    void tells_the_guides_mistake() {
        var texts = Map.of("publicKey", "a", "privateKey", "b");
        var mistake =
                " lacks the keys private and public; it has privateKey and publicKey, as the guide's commands write"
                        + " them, but the chart reads public and private" + FIX;
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, texts)))
                .containsExactly("BROKEN SEEN container sv-app: Secret sv/" + SECRET + mistake + AT);
        assertThat(found(creationOfSecret(texts))).containsExactly("BROKEN SEEN the Secret" + mistake + " | /data");
    }

    @Test
    void tells_that_the_guides_command_stored_no_key_at_all() {
        assertThat(found(creationOfSecret(Map.of("publicKey", "null", "privateKey", "null"))))
                .containsExactly(
                        "BROKEN SEEN the Secret lacks the keys private and public; it has privateKey and publicKey, as"
                                + " the guide's commands write them, but the chart reads public and private, and what it holds is the"
                                + " text null, no key" + FIX + " | /data");
    }

    @Test
    void refuses_a_secret_with_half_of_the_pair() {
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, Map.of("private", "b"))))
                .containsExactly(
                        "BROKEN SEEN container sv-app: Secret sv/" + SECRET + " lacks the key public" + FIX + AT);
        assertThat(found(creationOfSecret(Map.of("public", "a"))))
                .containsExactly("BROKEN SEEN the Secret lacks the key private" + FIX + " | /data");
    }

    @Test
    void asks_for_the_secret_and_the_keys_that_the_env_names() {
        var svApp = svApp().withSecretEnv(Workloads.PRIVATE_ENV, "own", "seed")
                .withSecretEnv(Workloads.PUBLIC_ENV, "other", "point");
        assertThat(found(creationOf(svApp)
                        .withSecret("own", Map.of("private", "b"))
                        .withSecret("other", Lookup.absent())))
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("BROKEN SEEN container sv-app: Secret sv/own lacks the key seed"),
                        second -> assertThat(second)
                                .startsWith("BROKEN ABSENT container sv-app: env " + Workloads.PUBLIC_ENV
                                        + " comes from Secret sv/other, which is not there"));
    }

    @Test
    void mends_with_the_names_that_the_env_reads() {
        var svApp = svApp().withSecretEnv(Workloads.PRIVATE_ENV, "own", "seed")
                .withSecretEnv(Workloads.PUBLIC_ENV, "own", "point");
        assertThat(found(creationOf(svApp).withSecret("own", Map.of("publicKey", "a", "privateKey", "b"))))
                .containsExactly("BROKEN SEEN container sv-app: Secret sv/own lacks the keys point and seed; it has"
                        + " privateKey and publicKey, as the guide's commands write them, but the chart reads point and seed"
                        + " | make it from the file that the guide's key script printed: kubectl -n sv create secret generic"
                        + " own --from-literal=point=\"$(jq -r '.publicKey//.public' FILE)\""
                        + " --from-literal=seed=\"$(jq -r '.privateKey//.private' FILE)\" --dry-run=client -o yaml | kubectl"
                        + " apply -f -; or with a new pair: kms-guard keys generate -n sv --name own --keys point,seed"
                        + " | kubectl apply -f -" + " | /spec/template/spec/containers/0/env/2");
    }

    @Test
    void cannot_tell_what_a_secret_holds_that_it_may_not_read() {
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, Lookup.unknown("the guard lacks get on secrets"))))
                .containsExactly(
                        "BROKEN UNKNOWN container sv-app: whether Secret sv/" + SECRET + " holds the governance key"
                                + " could not be told: the guard lacks get on secrets | let the guard read that Secret, and try"
                                + " again" + AT);
    }
}
