// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Workloads.PRIVATE_ENV;
import static io.kmsguard.policy.Workloads.PUBLIC_ENV;
import static io.kmsguard.policy.Workloads.SECRET;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subjects;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GovernanceKeyPublishedTest {

    private static final Keys ZERO = Keys.ofZeroSeed();

    private static List<String> found(Subjects subject) {
        return Found.by(new GovernanceKeyPublished(), subject);
    }

    private static String finding(String where, String path) {
        return "IRREVERSIBLE SEEN " + where
                + ": the governance key is made of 32 zero bytes, so that anybody can vote as"
                + " this SV | make a pair of your own: kms-guard keys generate -n sv | kubectl apply -f - | "
                + path;
    }

    private static String inSvApp(String path) {
        return finding("container sv-app", path);
    }

    @Test
    void allows_a_pair_that_only_its_owner_knows() {
        var own = Keys.generate().texts();
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, own))).isEmpty();
        assertThat(found(creationOfSecret(own))).isEmpty();
        assertThat(found(creationOfSecret(Map.of("public", "null", "private", "null"))))
                .isEmpty();
    }

    @Test
    void says_nothing_where_no_key_can_be_seen() {
        assertThat(found(creationOf(participant()))).isEmpty();
        assertThat(found(creationOf(svApp()))).isEmpty();
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, Lookup.absent())))
                .isEmpty();
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, Map.of()))).isEmpty();
        assertThat(found(creationOf(svApp().withEnv(PRIVATE_ENV, "vault:secret/sv#private"))))
                .isEmpty();
    }

    @Test
    void refuses_a_known_pair_in_the_secret_of_an_sv_app() {
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, ZERO.texts())))
                .containsExactly(inSvApp("/spec/template/spec/containers/0/env"));
    }

    @Test
    void knows_a_pair_by_either_half() {
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, Map.of("private", ZERO.privateKey()))))
                .containsExactly(inSvApp("/spec/template/spec/containers/0/env"));
        assertThat(found(creationOf(keyedSvApp()).withSecret(SECRET, Map.of("public", ZERO.publicKey()))))
                .containsExactly(inSvApp("/spec/template/spec/containers/0/env"));
    }

    @Test
    void refuses_a_known_pair_in_a_plain_value() {
        var plain = svApp().withEnv(PUBLIC_ENV, ZERO.publicKey()).withEnv(PRIVATE_ENV, ZERO.privateKey());
        assertThat(found(creationOf(plain))).containsExactly(inSvApp("/spec/template/spec/containers/0/env"));
    }

    @Test
    void refuses_a_known_pair_in_the_configuration_of_any_node() {
        var inline = keyedSvApp()
                .withNode(
                        "successor",
                        "comet-bft-config { enabled = true, governance-key { public-key = \"" + ZERO.publicKey()
                                + "\", private-key = \"" + ZERO.privateKey() + "\" } }");
        assertThat(found(creationOf(inline).withSecret(SECRET, Keys.generate().texts())))
                .containsExactly(inSvApp("/spec/template/spec/containers/0/env"));
    }

    @Test
    void knows_the_genesis_pair_in_splices_source_code() {
        var genesis = Map.of("public", "m16haLzv/d/Ok04Sm39ABk0f0HsSWYNZxrIUiyQ+cK8=");
        assertThat(found(creationOfSecret(genesis)))
                .singleElement()
                .asString()
                .startsWith(
                        "IRREVERSIBLE SEEN the Secret: the governance key is the genesis pair in Splice's own source code"
                                + " (CometBftRequestSigner.scala), so that anybody can vote as this SV | ");
    }

    @Test
    void refuses_the_secret_itself() {
        assertThat(found(creationOfSecret(ZERO.texts()))).containsExactly(finding("the Secret", "/data"));
    }
}
