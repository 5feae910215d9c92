// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.GovernanceKeys;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.GovernanceSecret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Governance key Secrets by their key: of thousands of them, each review asks for the few with its own. */
final class SecretsByKey {

    private final Map<String, List<GovernanceSecret>> byFingerprint = new HashMap<>();

    SecretsByKey(List<GovernanceSecret> secrets, SecretNames names) {
        secrets.forEach(secret -> GovernanceKeys.of(secret, names)
                .fingerprint()
                .ifPresent(fingerprint -> byFingerprint
                        .computeIfAbsent(fingerprint, f -> new ArrayList<>())
                        .add(secret)));
    }

    /** Those with one of these keys. */
    List<GovernanceSecret> holders(Set<String> fingerprints) {
        return fingerprints.stream()
                .flatMap(fingerprint -> byFingerprint.getOrDefault(fingerprint, List.of()).stream())
                .toList();
    }
}
