// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.KmsConfig;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the identity memory as a text that {@link IdentityText} reads. */
public final class IdentityWriter {

    private IdentityWriter() {}

    /** The same memory is always the same text. */
    public static String write(IdentityMemory memory) {
        var text = new StringBuilder("""
                # Which keys the participant of each database had when it was first seen. Written by kms-guard.
                # An entry goes by kms-guard identities forget and no other way: one that is missing is put back.
                apiVersion: kms-guard.io/v1
                kind: ParticipantIdentities
                databases:""");
        text.append(memory.databases().isEmpty() ? " []\n" : "\n");
        memory.databases().forEach(database -> entry(fields(database), text));
        if (!memory.forgotten().isEmpty()) {
            text.append("forgotten:\n");
            memory.forgotten().forEach(database -> entry(fields(database), text));
        }
        return text.toString();
    }

    private static void entry(List<String> fields, StringBuilder text) {
        text.append("- ").append(String.join("\n  ", fields)).append('\n');
    }

    private static List<String> fields(RememberedDatabase database) {
        var first = database.first();
        var fields = fields(first.database());
        fields.add("keys: " + keys(first.state()));
        fields.add("workload: " + workload(first.workload()));
        first.day().ifPresent(day -> fields.add("lastSeen: " + day));
        database.conflict().ifPresent(other -> fields.add("conflict: " + conflict(other)));
        if (!database.settled().isEmpty()) {
            fields.add("settled: "
                    + database.settled().stream()
                            .map(settled -> "{day: " + settled.day() + ", by: " + quoted(settled.by()) + ", was: "
                                    + keys(settled.was()) + "}")
                            .toList());
        }
        return fields;
    }

    private static String conflict(Sighting other) {
        return "{keys: " + keys(other.state()) + ", workload: " + workload(other.workload())
                + other.day().map(day -> ", since: " + day).orElse("") + "}";
    }

    private static List<String> fields(ForgottenDatabase forgotten) {
        var fields = fields(forgotten.database());
        if (!forgotten.namespace().isEmpty()) {
            fields.add("namespace: " + quoted(forgotten.namespace()));
        }
        fields.add("day: " + forgotten.day());
        fields.add("by: " + quoted(forgotten.by()));
        return fields;
    }

    private static List<String> fields(ParticipantDatabase database) {
        var fields = new ArrayList<String>();
        database.server().ifPresent(server -> fields.add("server: " + quoted(server)));
        database.port().ifPresent(port -> fields.add("port: " + quoted(port)));
        database.name().ifPresent(name -> fields.add("database: " + quoted(name)));
        database.schema().ifPresent(schema -> fields.add("schema: " + quoted(schema)));
        return fields;
    }

    private static List<String> keys(KmsState state) {
        return state.kms().stream().map(IdentityWriter::kms).toList();
    }

    private static String workload(ObjectRef ref) {
        return "{kind: %s, namespace: %s, name: %s}"
                .formatted(quoted(ref.kind()), quoted(ref.namespace()), quoted(ref.name()));
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
