// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import io.kmsguard.splice.Container;
import io.kmsguard.splice.KmsConfig;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Where the keys of a participant were when its database was last seen in use. The database carries the participant's
 * identity, so it says which keys whoever uses it next must have.
 *
 * @param state where its keys were
 * @param workload what ran on the database
 * @param day when that was last so (UTC); empty where it is so now
 */
public record Sighting(ParticipantDatabase database, KmsState state, ObjectRef workload, Optional<LocalDate> day) {

    /** What is seen of a workload that runs. A participant that Canton cannot start leaves no identity behind. */
    public static List<Sighting> of(Workload workload) {
        return workload.containers(Role.PARTICIPANT).stream()
                .filter(Sighting::canStart)
                .flatMap(container -> ParticipantDatabase.of(
                                container, workload.ref().namespace())
                        .stream()
                        .map(database ->
                                new Sighting(database, KmsState.of(container), workload.ref(), Optional.empty())))
                .toList();
    }

    private static boolean canStart(Container container) {
        var config = container.config();
        return (config.problem().isEmpty() || !config.isJudged())
                && KmsState.of(container).kms().stream().noneMatch(KmsConfig.Other.class::isInstance);
    }

    /** The same under another spelling of its database. */
    public Sighting of(ParticipantDatabase spelled) {
        return new Sighting(spelled, state, workload, day);
    }

    /** The same without what must not be remembered. */
    public Sighting withoutSecrets() {
        return new Sighting(database, state.withoutSecrets(), workload, day);
    }

    /** The same, seen on a day. */
    public Sighting on(LocalDate when) {
        return new Sighting(database, state, workload, Optional.of(when));
    }

    /**
     * Whether it is of the database that something in a namespace uses, or may be. A part that could not be read is taken for
     * any within one namespace only: elsewhere every participant of the cluster might be meant.
     */
    public boolean mayBeOf(ParticipantDatabase used, String namespace) {
        return (used.isTold() && database.isTold())
                ? database.equals(used)
                : namespace.equals(workload.namespace()) && database.mayBe(used);
    }
}
