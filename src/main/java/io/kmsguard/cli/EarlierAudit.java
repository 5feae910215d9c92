// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.ManifestFiles;
import io.kmsguard.cli.ToldAudit.ToldFinding;
import io.kmsguard.cli.ToldAudit.ToldRow;
import io.kmsguard.splice.ObjectRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what {@code audit -o json} has written. A report of which a part cannot be understood is not understood. */
final class EarlierAudit {

    private static final JsonMapper JSON = new JsonMapper();

    /** Something that is not as in a report. */
    private static final class NoReport extends Exception {
        NoReport(String why) {
            super(why);
        }
    }

    private EarlierAudit() {}

    /**
     * Reads a file.
     *
     * @param problems told what is wrong, in a sentence; the file must then not be used
     */
    static Optional<ToldAudit> read(String file, List<String> problems) {
        try {
            return Optional.of(read(JSON.readTree(Files.readAllBytes(Path.of(file)))));
        } catch (NoSuchFileException absent) {
            problems.add(file + ": there is no such file.");
        } catch (InvalidPathException noName) {
            problems.add(Places.of(ManifestFiles.noName(file)) + ".");
        } catch (IOException unreadable) {
            problems.add(file + ": this file cannot be read.");
        } catch (JacksonException garbage) {
            // Its message quotes the text.
            problems.add(no(file, "it is no JSON"));
        } catch (NoReport why) {
            problems.add(no(file, String.valueOf(why.getMessage())));
        }
        return Optional.empty();
    }

    private static String no(String file, String why) {
        return file + " is no report of kms-guard audit -o json: " + why + ".";
    }

    private static ToldAudit read(JsonNode root) throws NoReport {
        if (!root.path("kind").asString("").equals(AuditJson.KIND)) {
            throw new NoReport("its kind is not " + AuditJson.KIND);
        }
        if (!root.path("apiVersion").asString("").equals(AuditJson.API_VERSION)) {
            throw new NoReport("its apiVersion is not " + AuditJson.API_VERSION);
        }
        var rows = new ArrayList<ToldRow>();
        for (var row : list(root, "fleet", "")) {
            rows.add(row(row, "/fleet/" + rows.size()));
        }
        var findings = new ArrayList<ToldFinding>();
        var place = 0;
        for (var result : list(root, "results", "")) {
            var at = "/results/" + place++;
            var ref = ref(result, at);
            for (var finding : list(result, "findings", at)) {
                var where = at + "/findings";
                findings.add(new ToldFinding(
                        ref,
                        text(finding, "rule", where),
                        text(finding, "action", where),
                        text(finding, "message", where),
                        text(finding, "fingerprint", where)));
            }
        }
        return new ToldAudit(instant(text(root, "at", "")), text(root, "scope", ""), rows, findings);
    }

    private static Instant instant(String text) throws NoReport {
        try {
            return Instant.parse(text);
        } catch (DateTimeException noTime) {
            throw new NoReport("its field /at is no time");
        }
    }

    private static ToldRow row(JsonNode row, String at) throws NoReport {
        var fields = new LinkedHashMap<String, String>();
        fields.put(
                "participant",
                row.has("participant")
                        ? ref(row.path("participant"), at + "/participant").toString()
                        : "");
        fields.put("version", row.has("version") ? text(row, "version", at) : "");
        for (var name : List.of("keys", "kms", "governanceKey", "flag", "decision")) {
            fields.put(name, text(row, name, at));
        }
        return new ToldRow(text(row, "kind", at), ref(row.path("app"), at + "/app"), fields);
    }

    private static ObjectRef ref(JsonNode node, String at) throws NoReport {
        return new ObjectRef(text(node, "kind", at), text(node, "namespace", at), text(node, "name", at));
    }

    private static JsonNode list(JsonNode node, String field, String at) throws NoReport {
        if (!node.path(field).isArray()) {
            throw new NoReport("its field " + at + "/" + field + " is no list");
        }
        return node.path(field);
    }

    private static String text(JsonNode node, String field, String at) throws NoReport {
        if (!node.path(field).isString()) {
            throw new NoReport("its field " + at + "/" + field + " is no text");
        }
        return node.path(field).stringValue();
    }
}
