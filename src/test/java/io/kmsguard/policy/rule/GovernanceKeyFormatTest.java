// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Workloads.SECRET;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GovernanceKeyFormatTest {

    private static final Keys KEYS = Keys.generate();
    private static final String COMMAND =
            " | make it from the file that the guide's key script printed: kubectl -n sv create"
                    + " secret generic splice-app-sv-cometbft-governance-key --from-literal=public=\"$(jq -r '.publicKey//.public' FILE)\""
                    + " --from-literal=private=\"$(jq -r '.privateKey//.private' FILE)\" --dry-run=client -o yaml | kubectl apply -f -; or"
                    + " with a new pair: kms-guard keys generate -n sv | kubectl apply -f -";

    private static List<String> found(Subjects subject) {
        return Found.by(new GovernanceKeyFormat(), subject);
    }

    private static List<String> secret(String publicKey, String privateKey) {
        return found(creationOfSecret(Map.of("public", publicKey, "private", privateKey)));
    }

    @Test
    void allows_a_pair() {
        assertThat(found(creationOfSecret(KEYS.texts()))).isEmpty();
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, KEYS.texts())))
                .isEmpty();
    }

    @Test
    void allows_references_that_only_the_pod_resolves() {
        assertThat(secret("vault:sv#public", "vault:sv#private")).isEmpty();
    }

    @Test
    void refuses_what_jq_prints_for_a_field_that_is_not_there() {
        assertThat(secret("null", KEYS.privateKey()))
                .containsExactly(
                        "BROKEN SEEN key public is the text null, which jq prints for a name that the JSON does not"
                                + " have" + COMMAND + " | /data");
    }

    @Test
    void names_the_secret_of_each_half_in_the_review_of_an_sv() {
        var svApp = svApp().withSecretEnv(Workloads.PUBLIC_ENV, "a", "public")
                .withSecretEnv(Workloads.PRIVATE_ENV, "b", "seed");
        var hex = HexFormat.of().formatHex(Base64.getDecoder().decode(KEYS.privateKey()));
        assertThat(found(creationOf(svApp).withSecret("a", Map.of("public", "")).withSecret("b", Map.of("seed", hex))))
                .containsExactly(
                        "BROKEN SEEN container sv-app: Secret sv/a: key public is empty | put the base64 of the 32 key bytes"
                                + " there | /spec/template/spec/containers/0/env/2",
                        "BROKEN SEEN container sv-app: Secret sv/b: key seed is hexadecimal, not base64 | encode the same 32"
                                + " bytes in base64 | /spec/template/spec/containers/0/env/3");
    }

    @Test
    void refuses_halves_that_do_not_belong_together() {
        assertThat(secret(Keys.generate().publicKey(), KEYS.privateKey()))
                .containsExactly(
                        "BROKEN SEEN key private does not derive the public half: the two are of different pairs"
                                + " | take both halves from one key file | /data");
        assertThat(secret(KEYS.privateKey(), KEYS.publicKey()))
                .containsExactly(
                        "BROKEN SEEN key private is swapped with the public half | exchange the two; make a new pair"
                                + " if anybody could read the public half | /data");
    }

    @Test
    void diagnoses_the_half_that_is_there() {
        assertThat(found(creationOfSecret(Map.of("private", "!"))))
                .singleElement()
                .asString()
                .startsWith("BROKEN SEEN key private is not base64 | openssl pkey");
        var half = svApp().withSecretEnv(Workloads.PRIVATE_ENV, SECRET, "private");
        assertThat(found(creationOf(half).withSecret(SECRET, Map.of("private", "null"))))
                .hasSize(1);
    }

    @Test
    void leaves_what_is_absent_or_unreadable_to_another_rule() {
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, Lookup.absent())))
                .isEmpty();
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, Lookup.unknown("it took too long"))))
                .isEmpty();
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, Map.of()))).isEmpty();
        assertThat(found(creationOf(svApp()))).isEmpty();
    }
}
