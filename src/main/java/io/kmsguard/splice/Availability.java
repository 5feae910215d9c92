// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Tells of a Deployment, by its status, whether a pod of it was ever available. */
final class Availability {

    /** How long after a Deployment its controller may write the first status. */
    private static final Duration FIRST_STATUS = Duration.ofSeconds(5);

    private Availability() {}

    /**
     * When a Deployment was created that was never available since: its condition {@code Available} is false since then (the controller
     * sets it with the first status, and changes its time with its value only). Empty in every doubt.
     */
    static Optional<Instant> neverSince(JsonNode object) {
        var status = object.path("status");
        if (!object.path("kind").asString("").equals("Deployment")
                || status.path("availableReplicas").asInt(0) > 0
                || status.path("readyReplicas").asInt(0) > 0) {
            return Optional.empty();
        }
        var changed = status.path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asString("").equals("Available")
                        && condition.path("status").asString("").equals("False"))
                .findFirst()
                .flatMap(condition -> time(condition.path("lastTransitionTime")));
        // Most have been available, and then no other date is read.
        var created = changed.flatMap(any -> time(object.path("metadata").path("creationTimestamp")));
        return created.filter(
                at -> changed.filter(change -> !change.isBefore(at) && !change.isAfter(at.plus(FIRST_STATUS)))
                        .isPresent());
    }

    private static Optional<Instant> time(JsonNode text) {
        try {
            return Optional.of(Instant.parse(text.asString("")));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }
}
