// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.maker.MadeSecret;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.GovernanceRefs;
import io.kmsguard.policy.RuleInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The part of {@link GovernanceKeySecret} that looks at a Secret which a controller will make: it is there in time, if it has the keys. */
final class SecretToCome {

    private SecretToCome() {}

    static Optional<Finding> find(RuleInfo rule, String where, MadeSecret made, List<GovernanceRefs.Ref> refs) {
        var needed = new TreeSet<String>();
        refs.forEach(ref -> needed.add(ref.key()));
        var lacking = made.lacking(needed);
        var path = refs.get(0).path();
        if (!lacking.isEmpty()) {
            return Optional.of(Finding.seen(
                    rule,
                    made.secret().name(),
                    where + ": " + made.maker() + " makes " + made.secret() + " without the keys "
                            + String.join(" and ", lacking) + ", which the SV app reads; it names "
                            + String.join(", ", made.keys().orElse(Set.of())),
                    "name " + String.join(" and ", lacking) + " in " + made.field() + " of " + made.maker(),
                    path));
        }
        return made.keys().isPresent()
                ? Optional.empty()
                : Optional.of(Finding.seen(
                                rule,
                                made.secret().name(),
                                where + ": " + made.secret() + " is made by " + made.maker()
                                        + ", and whether with the keys " + String.join(" and ", needed)
                                        + " cannot be determined",
                                "see to it that " + made.field() + " of " + made.maker() + " bring them",
                                path)
                        .on(Ground.NOTICE));
    }
}
