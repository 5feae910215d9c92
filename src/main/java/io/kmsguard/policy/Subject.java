// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import io.kmsguard.splice.Container;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.GuardedObject;
import io.kmsguard.splice.KmsDrivers;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.util.Optional;

/**
 * What a rule judges: an object, what it was before, and what was looked up around it.
 *
 * @param operation what is done to it
 * @param object the object as it shall be; of a DELETE, as it is
 * @param before the object as it is; only for UPDATE
 * @param partial whether what belongs to it may be there without being seen: a dry run, or a check over files
 * @param names which Secrets hold what
 * @param drivers which settings of a KMS driver decide where its keys are
 * @param facts what was looked up
 */
public record Subject(
        Operation operation,
        GuardedObject object,
        Optional<GuardedObject> before,
        boolean partial,
        SecretNames names,
        KmsDrivers drivers,
        Facts facts) {

    /** The same with other facts. */
    public Subject with(Facts other) {
        return new Subject(operation, object, before, partial, names, drivers, other);
    }

    public ObjectRef ref() {
        return object.ref();
    }

    /** The object, if it is a Deployment or StatefulSet. */
    public Optional<Workload> workload() {
        return object instanceof Workload workload ? Optional.of(workload) : Optional.empty();
    }

    /** The object before an UPDATE, if it is a Deployment or StatefulSet. */
    public Optional<Workload> workloadBefore() {
        return before.filter(Workload.class::isInstance).map(Workload.class::cast);
    }

    /** The object, if it is a Secret for a governance key that shall be there. */
    public Optional<GovernanceSecret> secret() {
        return object instanceof GovernanceSecret secret && operation != Operation.DELETE
                ? Optional.of(secret)
                : Optional.empty();
    }

    /** The object before an UPDATE, if it is a Secret for a governance key. */
    public Optional<GovernanceSecret> secretBefore() {
        return before.filter(GovernanceSecret.class::isInstance).map(GovernanceSecret.class::cast);
    }

    /** The object, if it is a Secret for a governance key that shall be there no longer. */
    public Optional<GovernanceSecret> deletedSecret() {
        return object instanceof GovernanceSecret secret && operation == Operation.DELETE
                ? Optional.of(secret)
                : Optional.empty();
    }

    /** The participant that an SV app or validator app of it runs on. */
    public Lookup<Workload> participantOf(Container app) {
        var address = app.participantAddress();
        if (address.isEmpty()) {
            return Lookup.unknown("the container names no participant");
        }
        return address.get()
                .value()
                .text()
                .map(facts::participant)
                .orElseGet(() -> Lookup.unknown(
                        "its address is " + address.get().value().source() + ", which could not be read"));
    }
}
