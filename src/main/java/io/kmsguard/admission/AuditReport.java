// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.PolicyException;
import io.kmsguard.splice.Releases;
import java.time.Instant;
import java.util.List;

/**
 * What an audit found: a cluster, a namespace or a folder of manifests as it stands.
 *
 * @param at when it began
 * @param scope what was looked at, for a person: {@code cluster https://…}, {@code namespace sv of …}, or the files
 * @param fleet a row for each SV, for each validator app on a KMS participant that is not an SV's, and for each KMS participant
 *     that no app is seen to use; by namespace and name
 * @param objects each Deployment and StatefulSet of Splice, and each governance key Secret; by namespace, kind and name
 * @param gaps what could not be looked at; the rest was
 * @param expired the exceptions of the policy that have ended and do nothing
 */
public record AuditReport(
        Instant at,
        String scope,
        List<FleetRow> fleet,
        List<AuditedObject> objects,
        List<Gap> gaps,
        List<PolicyException> expired) {

    /**
     * Something that could not be looked at.
     *
     * @param what a namespace, a resource, or a file with its line
     * @param why one sentence without a period that quotes no value
     */
    public record Gap(String what, String why) {}

    /** The objects that run a release of Splice which is newer than those known here. */
    public List<AuditedObject> newer() {
        return objects.stream()
                .filter(object ->
                        object.version().filter(Releases::isNewerThanKnown).isPresent())
                .toList();
    }

    /** How many objects came out like that. */
    public long count(Decision decision) {
        return objects.stream().filter(object -> object.decision() == decision).count();
    }
}
