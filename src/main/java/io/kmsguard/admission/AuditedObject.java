// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.SpliceVersion;
import java.util.List;
import java.util.Optional;

/**
 * One object of an audit.
 *
 * @param uid {@code metadata.uid}, by which a report or an Event refers to it; empty in a file
 * @param roles of its containers, without those twice; empty for a Secret
 * @param source where it stands in a file; empty for what came from a cluster
 */
public record AuditedObject(
        ObjectRef ref,
        String uid,
        List<Role> roles,
        Optional<SpliceVersion> version,
        Judgement judgement,
        Optional<Source> source) {

    /** A file, as the operator named it, and where the object's values stand in it. */
    public record Source(String file, ManifestLines lines) {}

    public Decision decision() {
        return judgement.decision();
    }
}
