// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.admission.PolicyFile.Problem;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.KmsConfig;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the identity memory as a text, for a file or for one value of a ConfigMap: kind {@code ParticipantIdentities} of {@code
 * kms-guard.io/v1}, one entry a database. Reading is strict: what is not understood must not be lost by writing it anew. {@link IdentityWriter} writes it.
 */
public final class IdentityText {

    private static final List<String> TYPES = List.of("gcp", "aws", "driver");

    private final List<Problem> problems = new ArrayList<>();

    private IdentityText() {}

    /** What came of reading. */
    public sealed interface Reading {
        /** It was understood, all of it. */
        record Read(IdentityMemory memory) implements Reading {}

        /**
         * It was not, and nothing of it is used.
         *
         * @param problems everything that is wrong, in the order of the text
         */
        record Refused(List<Problem> problems) implements Reading {}
    }

    /** Reads a text. */
    public static Reading read(String text) {
        return new IdentityText().reading(text);
    }

    private Reading reading(String text) {
        var memory = new IdentityMemory.Builder();
        var top = new StrictYaml("ParticipantIdentities", "an identity memory")
                .read(text, List.of("apiVersion", "kind", "databases", "forgotten"), problems);
        for (var entry : top.map(t -> t.mappings("databases", "an entry")).orElse(List.of())) {
            if (!memory.add(database(entry))) {
                problems.add(new Problem(entry.line(), "this database stands in an entry above already"));
            }
        }
        for (var entry : top.map(t -> t.mappings("forgotten", "an entry")).orElse(List.of())) {
            memory.add(forgotten(entry));
        }
        problems.sort(Comparator.comparingInt(Problem::line));
        return problems.isEmpty() ? new Reading.Read(memory.build()) : new Reading.Refused(List.copyOf(problems));
    }

    private RememberedDatabase database(StrictMapping entry) {
        entry.only(
                List.of("server", "port", "database", "schema", "keys", "workload", "lastSeen", "conflict", "settled"));
        var place = place(entry);
        var conflict = entry.has("conflict")
                ? Optional.of(
                        sighting(place, entry.mapping("conflict").only(List.of("keys", "workload", "since")), "since"))
                : Optional.<Sighting>empty();
        return new RememberedDatabase(
                sighting(place, entry, "lastSeen"),
                conflict,
                entry.mappings("settled", "an entry").stream()
                        .map(this::settlement)
                        .toList());
    }

    private static ParticipantDatabase place(StrictMapping entry) {
        return new ParticipantDatabase(
                entry.text("server"), entry.text("port"), entry.text("database"), entry.text("schema"));
    }

    private Sighting sighting(ParticipantDatabase database, StrictMapping entry, String day) {
        var keys = keys(entry, "keys");
        var workload = entry.mapping("workload").only(List.of("kind", "namespace", "name"));
        return new Sighting(
                database,
                keys,
                new ObjectRef(
                        workload.required("kind", "Deployment"),
                        workload.required("namespace", "sv"),
                        workload.required("name", "participant")),
                day(entry, day));
    }

    private KmsState keys(StrictMapping entry, String key) {
        if (!entry.has(key)) {
            problems.add(new Problem(
                    entry.line(),
                    "an entry lacks " + key + " (a list of KMS; [] where the participant keeps its keys itself)"));
        }
        return new KmsState(entry.mappings(key, "a KMS").stream().map(this::kms).toList(), Optional.empty());
    }

    private RememberedDatabase.Settlement settlement(StrictMapping entry) {
        entry.only(List.of("day", "by", "was"));
        return new RememberedDatabase.Settlement(
                day(entry, "day").orElse(LocalDate.EPOCH), entry.required("by", "ada"), keys(entry, "was"));
    }

    private ForgottenDatabase forgotten(StrictMapping entry) {
        entry.only(List.of("server", "port", "database", "schema", "namespace", "day", "by"));
        return new ForgottenDatabase(
                place(entry),
                entry.text("namespace").orElse(""),
                day(entry, "day").orElse(LocalDate.EPOCH),
                entry.required("by", "ada"));
    }

    private KmsConfig kms(StrictMapping kms) {
        kms.required("type", "gcp");
        var type = kms.word("type", TYPES).orElse("");
        if (type.equals("gcp")) {
            kms.only(List.of("type", "project", "location", "keyRing"));
            return new KmsConfig.Gcp(
                    kms.required("project", "acme"),
                    kms.required("location", "us-east1"),
                    kms.required("keyRing", "sv"));
        }
        if (type.equals("aws")) {
            kms.only(List.of("type", "region", "multiRegionKey"));
            return new KmsConfig.Aws(
                    kms.required("region", "us-east-1"),
                    kms.word("multiRegionKey", List.of("true", "false")).equals(Optional.of("true")));
        }
        if (type.equals("driver")) {
            kms.only(List.of("type", "name", "config"));
            return new KmsConfig.Driver(kms.required("name", "hsm"), config(kms));
        }
        return new KmsConfig.Other(type);
    }

    /** Entries of before the settings were remembered have none. */
    private static Optional<Map<String, String>> config(StrictMapping driver) {
        if (!driver.has("config")) {
            return Optional.empty();
        }
        var settings = driver.mapping("config");
        return Optional.of(settings.keys().stream()
                .collect(Collectors.toUnmodifiableMap(key -> key, key -> settings.required(key, "a digest"))));
    }

    private static Optional<LocalDate> day(StrictMapping entry, String key) {
        var text = entry.required(key, "2027-01-31");
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException noDate) {
            entry.problem(key, key + " is " + text + "; it must be a date such as 2027-01-31");
            return Optional.empty();
        }
    }
}
