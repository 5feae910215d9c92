// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.KmsConfig;
import io.kmsguard.splice.KmsDrivers;
import io.kmsguard.splice.ParticipantDatabase;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which keys the participant of each database had when it was first seen, kept after the participant is gone. Made of what
 * runs, never of what is only asked for; no entry goes unless a person says so. Immutable.
 */
public final class IdentityMemory {

    /** Nothing was seen. */
    public static final IdentityMemory EMPTY = new IdentityMemory(new TreeMap<>(), new TreeMap<>());

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

    private final SortedMap<Key, RememberedDatabase> databases;
    private final SortedMap<Key, ForgottenDatabase> forgotten;

    private IdentityMemory(SortedMap<Key, RememberedDatabase> databases, SortedMap<Key, ForgottenDatabase> forgotten) {
        this.databases = databases;
        this.forgotten = forgotten;
    }

    /** What each database was first seen with, in a fixed order: by this participants are judged. */
    public List<Sighting> sightings() {
        return databases.values().stream().map(RememberedDatabase::first).toList();
    }

    /** One for each database, in a fixed order. */
    public List<RememberedDatabase> databases() {
        return List.copyOf(databases.values());
    }

    /** What was taken out by a person, in a fixed order. */
    public List<ForgottenDatabase> forgotten() {
        return List.copyOf(forgotten.values());
    }

    /** One entry after another; copying what is there for each would take quadratic time. */
    static final class Builder {
        private final SortedMap<Key, RememberedDatabase> databases = new TreeMap<>();
        private final SortedMap<Key, ForgottenDatabase> forgotten = new TreeMap<>();

        /** Puts it in the place of one of the same database, and says whether there was none. */
        boolean add(RememberedDatabase database) {
            return databases.put(Key.of(database.first()), database) == null;
        }

        void add(ForgottenDatabase database) {
            forgotten.put(new Key(database.database(), database.namespace()), database);
        }

        /** To be called once, at the end. */
        IdentityMemory build() {
            return new IdentityMemory(databases, forgotten);
        }
    }

    /**
     * This memory with what runs now: databases that were never seen are new, and what differs from what was seen before is a
     * conflict. What could not be read whole changes nothing.
     *
     * @param day today (UTC)
     * @param drivers which settings of a KMS driver decide where its keys are; the others are remembered as they were last
     */
    public IdentityMemory with(Surroundings world, LocalDate day, KmsDrivers drivers, Deadline deadline) {
        if (!(new LookupSession(world, deadline).sightings() instanceof Lookup.Found<List<Sighting>> found)) {
            return this;
        }
        var seen = found.value().stream()
                .filter(each -> isMemorable(each.state()) && isWhole(each))
                .map(Sighting::withoutSecrets)
                .sorted(Comparator.comparing(each -> each.workload().toString()))
                .collect(Collectors.groupingBy(Key::of, TreeMap::new, Collectors.toList()));
        var more = new TreeMap<>(databases);
        var gone = new TreeMap<>(forgotten);
        seen.forEach((key, now) -> {
            more.computeIfAbsent(key, k -> RememberedDatabase.of(now.get(0).on(day)));
            more.computeIfPresent(key, (k, known) -> known.seen(now, day, drivers));
            gone.remove(key);
        });
        return new IdentityMemory(more, gone);
    }

    /**
     * This memory with the entries of another one that are missing here, although nobody has forgotten them here.
     *
     * @param held what was known before
     */
    public IdentityMemory withLost(IdentityMemory held) {
        var more = new TreeMap<>(databases);
        held.databases.forEach((key, database) -> {
            if (!forgotten.containsKey(key)) {
                more.putIfAbsent(key, database);
            }
        });
        if (more.size() == databases.size() && forgotten.keySet().containsAll(held.forgotten.keySet())) {
            return this;
        }
        var gone = new TreeMap<>(forgotten);
        held.forgotten.forEach((key, database) -> {
            if (!more.containsKey(key)) {
                gone.putIfAbsent(key, database);
            }
        });
        return new IdentityMemory(more, gone);
    }

    /**
     * This memory with a conflict settled for what was seen later.
     *
     * @param database one of {@link #databases}
     * @param by who says so
     */
    public IdentityMemory accepting(RememberedDatabase database, String by, LocalDate day) {
        var more = new TreeMap<>(databases);
        more.computeIfPresent(Key.of(database.first()), (key, known) -> known.accepted(by, day));
        return new IdentityMemory(more, forgotten);
    }

    /**
     * This memory without a database.
     *
     * @param database one of {@link #databases}
     * @param by who says so
     */
    public IdentityMemory forgetting(RememberedDatabase database, String by, LocalDate day) {
        var key = Key.of(database.first());
        var less = new TreeMap<>(databases);
        var gone = new TreeMap<>(forgotten);
        if (less.remove(key) != null) {
            gone.put(key, new ForgottenDatabase(key.database(), key.namespace(), day, by));
        }
        return new IdentityMemory(less, gone);
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
        return other instanceof IdentityMemory memory
                && databases.equals(memory.databases)
                && forgotten.equals(memory.forgotten);
    }

    @Override
    public int hashCode() {
        return Objects.hash(databases, forgotten);
    }
}
