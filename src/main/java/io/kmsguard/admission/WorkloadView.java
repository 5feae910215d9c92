// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvVar;
import io.kmsguard.splice.Workload;
import io.kmsguard.splice.WorkloadReader;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A workload as the guard sees it within its surroundings, for commands that show it. Judging is for {@link Judge}. Not for
 * many threads.
 */
public final class WorkloadView {

    private final LookupSession session;
    private final Workload written;
    private final Workload workload;

    private WorkloadView(Workload written, LookupSession session) {
        this.session = session;
        this.written = written;
        this.workload = session.completed(written);
    }

    /**
     * Looks at an object.
     *
     * @param namespace the namespace where the object names none
     * @return empty where it has not the shape of a workload
     */
    public static Optional<WorkloadView> of(JsonNode object, String namespace, Surroundings world, Deadline deadline) {
        return WorkloadReader.read(object, namespace) instanceof WorkloadReader.Reading.Read read
                ? Optional.of(new WorkloadView(read.workload(), new LookupSession(world, deadline)))
                : Optional.empty();
    }

    /** With what it takes from ConfigMaps and Secrets, as far as these can be read. */
    public Workload workload() {
        return workload;
    }

    /** With what it takes from ConfigMaps alone: whatever this one knows is in no Secret. */
    public Workload withoutSecrets() {
        return session.completedFromConfigMaps(written);
    }

    /** The participant that an SV app or validator app of it runs on. */
    public Lookup<Workload> participantOf(Container app) {
        var address = app.participantAddress().map(EnvVar::value);
        return address.flatMap(value -> value.text())
                .map(text ->
                        new Pairing(session).participant(text, workload.ref().namespace()))
                .orElseGet(() -> Lookup.unknown(
                        address.map(value -> "its address is " + value.source() + ", which could not be read")
                                .orElse("the container names no participant")));
    }

    /** The apps that run on it, if it is a participant. */
    public Lookup<Facts.Users> users() {
        return new Pairing(session).users(workload);
    }
}
