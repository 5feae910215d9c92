// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GovernanceSecretTest {

    @Test
    void reads_name_keys_and_whether_it_can_change() {
        var secret = GovernanceSecret.read(Manifest.parse("""
                {"metadata": {"name": "n"}, "immutable": true, "stringData": {"public": "p"}}
                """), "sv");
        assertThat(secret)
                .isEqualTo(new GovernanceSecret(
                        new ObjectRef("Secret", "sv", "n"), Map.of("public", KeyText.of("p")), true, Optional.empty()));
        assertThat(secret.toString()).doesNotContain("\"p\"").contains("KeyText[hidden]");
    }

    @Test
    void its_own_namespace_counts() {
        var secret = GovernanceSecret.read(
                Manifest.parse("{\"metadata\": {\"name\": \"n\", \"namespace\": \"own\"}, \"immutable\": \"x\"}"),
                "sv");
        assertThat(secret.ref().namespace()).isEqualTo("own");
        assertThat(secret.immutable()).isFalse();
    }
}
