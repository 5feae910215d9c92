// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VaultInjectorTest {

    private static final String FIX = " | install the vault-secrets-webhook of bank-vaults before the pods start again;"
            + " fine as it is where the image resolves references itself | ";

    private static List<String> found(Workloads workload, Lookup<List<String>> webhooks) {
        return Found.by(new VaultInjector(), creationOf(workload).withWebhooks(webhooks));
    }

    private static Workloads withReference() {
        return svApp().withEnv("X", "vault:secret/data/sv#x");
    }

    @Test
    void allows_what_an_injector_resolves_and_what_needs_none() {
        assertThat(found(withReference(), Lookup.found(List.of("other ", "Vault-secrets-webhook pods.example.com"))))
                .isEmpty();
        assertThat(found(svApp().withEnv("X", "not vault:"), Lookup.found(List.of())))
                .isEmpty();
        assertThat(found(kmsParticipant(), Lookup.found(List.of()))).isEmpty();
    }

    @Test
    void says_nothing_where_nobody_looks() {
        assertThat(Found.by(new VaultInjector(), creationOf(withReference()))).isEmpty();
        assertThat(Found.by(new VaultInjector(), Subjects.creationOfSecret(Map.of())))
                .isEmpty();
    }

    @Test
    void warns_where_there_is_no_injector() {
        var path = withReference().read().containers().get(0).env().stream()
                .filter(each -> each.name().equals("X"))
                .findFirst()
                .orElseThrow()
                .path();
        assertThat(found(withReference().withEnv("Y", "vault:y"), Lookup.found(List.of("kms-guard complete"))))
                .containsExactly(
                        "ADVISABLE SEEN container sv-app: X (and 1 more) is a vault: reference, and no mutating"
                                + " webhook of Vault is there to put the value in" + FIX + path);
        assertThat(found(withReference(), Lookup.unknown("webhooks are forbidden")))
                .containsExactly(
                        "ADVISABLE UNKNOWN container sv-app: X is a vault: reference, and whether a webhook puts"
                                + " the value in could not be told: webhooks are forbidden" + FIX + path);
    }
}
