// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.KeyText;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A Secret as the commands of Splice's guide make it, which store other names than the chart reads. */
final class GuidesMistake {

    private static final Set<String> GUIDES_NAMES = Set.of("publicKey", "privateKey");

    private GuidesMistake() {}

    /** What to say of a Secret with those keys, as a clause with its semicolon; empty where it is no such Secret. */
    static String clause(SecretNames names, Map<String, KeyText> keys) {
        var guides = new TreeMap<>(keys);
        guides.keySet().retainAll(GUIDES_NAMES);
        guides.keySet().removeAll(Set.of(names.publicKey(), names.privateKey()));
        return guides.isEmpty()
                ? ""
                : "; it has " + String.join(" and ", guides.keySet())
                        + ", as the guide's commands write them, but the chart reads " + names.publicKey()
                        + " and " + names.privateKey()
                        + (guides.values().stream().anyMatch(GovernanceKeyFormat::isNull)
                                ? ", and what it holds is the text null, no key"
                                : "");
    }
}
