// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.KmsConfig;
import io.kmsguard.splice.ParticipantDatabase;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which keys the participant of each database had when it was last seen, kept after the participant is gone. Made of what
 * runs, never of what is only asked for. Immutable.
 */
public final class IdentityMemory {

    /** Nothing was seen. */
    public static final IdentityMemory EMPTY = new IdentityMemory(new TreeMap<>());

    /**
     * What an entry is about.
     *
     * @param namespace of the workload where the database is not told; what is not told is compared in one namespace only
     */
    private record Key(ParticipantDatabase database, String namespace) implements Comparable<Key> {

        private static final Comparator<Key> ORDER = Comparator.comparing((Key key) -> text(key.database.server()))
                .thenComparing(key -> text(key.database.port()))
                .thenComparing(key -> text(key.database.name()))
                .thenComparing(key -> text(key.database.schema()))
                .thenComparing(Key::namespace);

        private static String text(Optional<String> part) {
            return part.orElse("");
        }

        static Key of(Sighting seen) {
            return new Key(
                    seen.database(),
                    seen.database().isTold() ? "" : seen.workload().namespace());
        }

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private final SortedMap<Key, Sighting> sightings;

    private IdentityMemory(SortedMap<Key, Sighting> sightings) {
        this.sightings = sightings;
    }

    /** One for each database, in a fixed order. */
    public List<Sighting> sightings() {
        return List.copyOf(sightings.values());
    }

    /** One entry after another; copying what is there for each would take quadratic time. */
    static final class Builder {
        private final SortedMap<Key, Sighting> sightings = new TreeMap<>();

        /** Puts it in the place of one of the same database, and says whether there was none. */
        boolean add(Sighting seen) {
            return sightings.put(Key.of(seen), seen) == null;
        }

        /** To be called once, at the end. */
        IdentityMemory build() {
            return new IdentityMemory(sightings);
        }
    }

    /**
     * This memory with what runs now in the place of what was seen before in the same databases. What could not be read whole
     * changes nothing.
     *
     * @param day today (UTC)
     */
    public IdentityMemory with(Surroundings world, LocalDate day, Deadline deadline) {
        if (!(new LookupSession(world, deadline).sightings() instanceof Lookup.Found<List<Sighting>> found)) {
            return this;
        }
        var more = new TreeMap<>(sightings);
        found.value().stream()
                .filter(seen -> isMemorable(seen.state()) && isWhole(seen))
                .sorted(Comparator.comparing(seen -> seen.workload().toString()))
                .forEach(seen -> more.put(Key.of(seen), seen.on(day)));
        return new IdentityMemory(more);
    }

    private static boolean isMemorable(KmsState state) {
        return state.hidden().isEmpty() && state.kms().stream().noneMatch(KmsConfig.Other.class::isInstance);
    }

    /** Whether every text is one that can be written and read again; the others are no names of anything that starts. */
    private static boolean isWhole(Sighting seen) {
        var database = seen.database();
        var parts = Stream.of(database.server(), database.port(), database.name(), database.schema())
                .flatMap(Optional::stream);
        var fields = seen.state().kms().stream().flatMap(IdentityMemory::fields);
        return Stream.concat(parts, fields).noneMatch(text -> text.isBlank() || !text.equals(text.strip()));
    }

    private static Stream<String> fields(KmsConfig kms) {
        if (kms instanceof KmsConfig.Gcp gcp) {
            return Stream.of(gcp.project(), gcp.location(), gcp.keyRing());
        }
        if (kms instanceof KmsConfig.Aws aws) {
            return Stream.of(aws.region());
        }
        return kms instanceof KmsConfig.Driver driver ? Stream.of(driver.name()) : Stream.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdentityMemory memory && sightings.equals(memory.sightings);
    }

    @Override
    public int hashCode() {
        return sightings.hashCode();
    }
}
