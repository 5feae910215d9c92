// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The part of {@link GovernanceKeyInUse} that looks at a Secret whose content changes. */
final class KeyChange {

    private KeyChange() {}

    static List<Finding> find(Subject subject, GovernanceSecret before, GovernanceSecret after) {
        var svApps = subject.facts().keyUse().svApps();
        if (svApps instanceof Lookup.Unknown<List<Workload>> unknown) {
            return after.keys().keySet().containsAll(before.keys().keySet())
                    ? List.of()
                    : List.of(GovernanceKeyInUse.unseen("keys", "this update, which drops keys,", unknown.why()));
        }
        var findings = new ArrayList<Finding>();
        for (var reader : KeyReader.of(after.ref(), svApps)) {
            var dropped = new TreeSet<>(reader.keys());
            dropped.retainAll(before.keys().keySet());
            dropped.removeAll(after.keys().keySet());
            if (!dropped.isEmpty()) {
                findings.add(dropped(reader, dropped, after));
            }
            var old = reader.fingerprints(before);
            var now = reader.fingerprints(after);
            if (!old.isEmpty() && !now.isEmpty() && !old.equals(now)) {
                findings.add(changed(reader));
            }
        }
        return findings;
    }

    private static Finding dropped(KeyReader reader, Set<String> keys, GovernanceSecret secret) {
        var names = String.join(" and ", keys);
        return GovernanceKeyInUse.finding(
                reader.svApp() + " " + names,
                "this update takes the " + (keys.size() > 1 ? "keys " : "key ") + names + " out of the Secret, from "
                        + reader.describe(),
                InUseRemedy.dropped(secret, reader.svApp(), names),
                "/data");
    }

    private static Finding changed(KeyReader reader) {
        return GovernanceKeyInUse.finding(
                        reader.svApp() + " pair",
                        "another governance key for " + reader.svApp()
                                + ", which keeps the old one until it is restarted",
                        InUseRemedy.changed(reader.svApp()),
                        "/data")
                .as(RuleClass.ADVISABLE);
    }
}
