// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static java.util.stream.Collectors.joining;

import io.kmsguard.policy.Facts.KeyUser;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Those of several SV apps that are another SV than the first ones.
 *
 * @param others never empty
 * @param ground whether they are, or only nobody can tell
 * @param why why nobody can tell; else empty
 */
record Apart(List<KeyUser> others, Ground ground, String why) {

    /** So many are named. */
    private static final int NAMED = 3;

    /**
     * Looks for them. An SV is its participant: what runs on the same one as another SV app is no other SV.
     *
     * @param own the first ones, each held against those before it
     * @param rest the others, each held against all of {@code own}
     */
    static Optional<Apart> of(List<KeyUser> own, List<KeyUser> rest) {
        var all = new ArrayList<>(own);
        all.addAll(rest);
        var seen = new ArrayList<KeyUser>();
        var unsure = new ArrayList<KeyUser>();
        var why = "";
        for (var i = own.isEmpty() ? 0 : 1; i < all.size(); i++) {
            var known = own.subList(0, Math.min(i, own.size()));
            var other = all.get(i);
            if (known.stream().noneMatch(each -> isSame(each, other))) {
                var unknown = unknown(known, other);
                (unknown.isEmpty() ? seen : unsure).add(other);
                why = why.isEmpty() ? unknown : why;
            }
        }
        if (seen.isEmpty()) {
            return unsure.isEmpty() ? Optional.empty() : Optional.of(new Apart(unsure, Ground.UNKNOWN, why));
        }
        return Optional.of(new Apart(seen, Ground.SEEN, ""));
    }

    private static boolean isSame(KeyUser one, KeyUser other) {
        return (one.svApp().equals(other.svApp()) && one.container().equals(other.container()))
                || (one.participant() instanceof Lookup.Found<ObjectRef>
                        && one.participant().equals(other.participant()));
    }

    private static String unknown(List<KeyUser> known, KeyUser other) {
        if (!known.isEmpty() && other.participant() instanceof Lookup.Unknown<ObjectRef> unknown) {
            return unknown.why();
        }
        for (var each : known) {
            if (each.participant() instanceof Lookup.Unknown<ObjectRef> unknown) {
                return unknown.why();
            }
        }
        return "";
    }

    /**
     * The others, for messages.
     *
     * @param svApp of this one, only the container
     */
    String names(Optional<ObjectRef> svApp) {
        var more = others.size() - NAMED;
        return others.stream()
                        .limit(NAMED)
                        .map(other -> svApp.filter(other.svApp()::equals).isPresent()
                                ? "container " + other.container()
                                : other.svApp().toString())
                        .collect(joining(" and "))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
