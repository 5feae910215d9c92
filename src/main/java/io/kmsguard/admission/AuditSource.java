// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.GuardedObject;
import java.util.List;

/** Where an audit finds what it judges. */
@FunctionalInterface
public interface AuditSource {

    /**
     * Looks once.
     *
     * @param names which Secret holds a governance key
     */
    Inventory list(SecretNames names);

    /**
     * What there is.
     *
     * @param scope what was looked at, for a person
     * @param objects the Deployments and StatefulSets that have or may have to do with Splice, and the Secrets with a governance
     *     key; of each only what is read of it. Without what is being deleted: its pods go, whatever is found of it
     * @param world in which they are judged; it holds the same objects
     * @param gaps what could not be looked at
     */
    record Inventory(String scope, List<Standing> objects, Surroundings world, List<AuditReport.Gap> gaps) {}

    /**
     * An object as it stands.
     *
     * @param uid its {@code metadata.uid}
     */
    record Standing(GuardedObject object, String uid) {}
}
