// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.KmsDrivers;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered of one database. The identity in a database never changes, so what it was first seen with holds; what is seen
 * later and differs is a conflict, and not news.
 *
 * @param first what it was first seen with, on the day when that was last so
 * @param conflict a participant with other keys that was seen on it since, on the first day of that
 * @param settled what a person has said of earlier conflicts, the oldest first
 */
public record RememberedDatabase(Sighting first, Optional<Sighting> conflict, List<Settlement> settled) {

    /**
     * A conflict that a person has settled for what was seen later.
     *
     * @param by who that was, as they are called where it was said
     * @param was the keys that were remembered before
     */
    public record Settlement(LocalDate day, String by, KmsState was) {}

    /** One that was never seen before. */
    static RememberedDatabase of(Sighting first) {
        return new RememberedDatabase(first, Optional.empty(), List.of());
    }

    /**
     * The same after another look at what runs.
     *
     * @param now all that was seen on it
     * @param day of that look
     * @param drivers which settings of a KMS driver decide where its keys are
     */
    RememberedDatabase seen(List<Sighting> now, LocalDate day, KmsDrivers drivers) {
        var same = now.stream().filter(seen -> isSame(seen, drivers)).findFirst();
        var other = now.stream().filter(seen -> !isSame(seen, drivers)).findFirst();
        var last = same.map(seen -> seen.on(day)).orElse(first);
        if (other.isEmpty()) {
            return new RememberedDatabase(last, same.isPresent() ? Optional.empty() : conflict, settled);
        }
        var known = conflict.filter(seen -> seen.state().equals(other.get().state()));
        return new RememberedDatabase(
                last, known.or(() -> Optional.of(other.get().on(day))), settled);
    }

    private boolean isSame(Sighting seen, KmsDrivers drivers) {
        return seen.state().hasTheKeysOf(first.state(), drivers);
    }

    /**
     * The same with the conflict settled for what was seen later.
     *
     * @param by who says so
     */
    RememberedDatabase accepted(String by, LocalDate day) {
        if (conflict.isEmpty()) {
            return this;
        }
        var all = new ArrayList<>(settled);
        all.add(new Settlement(day, by, first.state()));
        return new RememberedDatabase(conflict.get(), Optional.empty(), List.copyOf(all));
    }
}
