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
 * The identity memory as a text, for a file or for one value of a ConfigMap: kind {@code ParticipantIdentities} of {@code
 * kms-guard.io/v1}, one entry a database. Reading is strict: what is not understood must not be lost by writing it anew.
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
                .read(text, List.of("apiVersion", "kind", "databases"), problems);
        for (var entry : top.map(t -> t.mappings("databases", "an entry")).orElse(List.of())) {
            if (!memory.add(sighting(entry))) {
                problems.add(new Problem(entry.line(), "this database stands in an entry above already"));
            }
        }
        problems.sort(Comparator.comparingInt(Problem::line));
        return problems.isEmpty() ? new Reading.Read(memory.build()) : new Reading.Refused(List.copyOf(problems));
    }

    private Sighting sighting(StrictMapping entry) {
        entry.only(List.of("server", "port", "database", "schema", "keys", "workload", "lastSeen"));
        if (!entry.has("keys")) {
            problems.add(new Problem(
                    entry.line(),
                    "an entry lacks keys (a list of KMS; [] where the participant keeps its keys itself)"));
        }
        var workload = entry.mapping("workload").only(List.of("kind", "namespace", "name"));
        return new Sighting(
                new ParticipantDatabase(
                        entry.text("server"), entry.text("port"), entry.text("database"), entry.text("schema")),
                new KmsState(
                        entry.mappings("keys", "a KMS").stream().map(this::kms).toList(), Optional.empty()),
                new ObjectRef(
                        workload.required("kind", "Deployment"),
                        workload.required("namespace", "sv"),
                        workload.required("name", "participant")),
                day(entry));
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

    private static Optional<LocalDate> day(StrictMapping entry) {
        var text = entry.required("lastSeen", "2027-01-31");
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException noDate) {
            entry.problem("lastSeen", "lastSeen is " + text + "; it must be a date such as 2027-01-31");
            return Optional.empty();
        }
    }

    /** Writes what {@link #read} understands; the same memory is always the same text. */
    public static String write(IdentityMemory memory) {
        var text = new StringBuilder("""
                # Which keys the participant of each database had when it was last seen. Written by kms-guard.
                # Remove an entry once its database was dropped.
                apiVersion: kms-guard.io/v1
                kind: ParticipantIdentities
                databases:""");
        text.append(memory.sightings().isEmpty() ? " []\n" : "\n");
        memory.sightings().forEach(seen -> write(seen, text));
        return text.toString();
    }

    private static void write(Sighting seen, StringBuilder text) {
        var database = seen.database();
        var fields = new ArrayList<String>();
        database.server().ifPresent(server -> fields.add("server: " + quoted(server)));
        database.port().ifPresent(port -> fields.add("port: " + quoted(port)));
        database.name().ifPresent(name -> fields.add("database: " + quoted(name)));
        database.schema().ifPresent(schema -> fields.add("schema: " + quoted(schema)));
        fields.add("keys: " + seen.state().kms().stream().map(IdentityText::kms).toList());
        fields.add("workload: {kind: %s, namespace: %s, name: %s}"
                .formatted(
                        quoted(seen.workload().kind()),
                        quoted(seen.workload().namespace()),
                        quoted(seen.workload().name())));
        seen.day().ifPresent(day -> fields.add("lastSeen: " + day));
        text.append("- ").append(String.join("\n  ", fields)).append('\n');
    }

    private static String kms(KmsConfig kms) {
        if (kms instanceof KmsConfig.Gcp gcp) {
            return "{type: gcp, project: %s, location: %s, keyRing: %s}"
                    .formatted(quoted(gcp.project()), quoted(gcp.location()), quoted(gcp.keyRing()));
        }
        if (kms instanceof KmsConfig.Aws aws) {
            return "{type: aws, region: %s, multiRegionKey: %s}".formatted(quoted(aws.region()), aws.multiRegion());
        }
        return kms instanceof KmsConfig.Driver driver
                ? "{type: driver, name: %s%s}".formatted(quoted(driver.name()), config(driver.withoutSecrets()))
                : "{type: driver, name: %s}".formatted(quoted(""));
    }

    private static String config(KmsConfig.Driver driver) {
        return driver.config()
                .map(settings -> ", config: {"
                        + settings.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(setting -> quoted(setting.getKey()) + ": " + quoted(setting.getValue()))
                                .collect(Collectors.joining(", "))
                        + "}")
                .orElse("");
    }

    /** In double quotes, as YAML and JSON read it: a word such as null or 007 stays a text. */
    private static String quoted(String value) {
        var quoted = new StringBuilder("\"");
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
