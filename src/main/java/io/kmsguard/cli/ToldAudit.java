// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.FleetRow;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.SpliceVersion;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an audit has told, by which one is compared with another: now, or out of a file.
 *
 * @param scope what was looked at
 */
record ToldAudit(Instant at, String scope, List<ToldRow> rows, List<ToldFinding> findings) {

    /**
     * A row of the fleet.
     *
     * @param kind as it is written in reports
     * @param fields the rest, by name, but for what follows from it
     */
    record ToldRow(String kind, ObjectRef app, Map<String, String> fields) {}

    /**
     * A finding on an object.
     *
     * @param fingerprint tells it from others
     */
    record ToldFinding(ObjectRef ref, String rule, String action, String message, String fingerprint) {}

    static ToldAudit of(AuditReport report) {
        return new ToldAudit(
                report.at(),
                report.scope(),
                report.fleet().stream().map(ToldAudit::row).toList(),
                report.objects().stream()
                        .flatMap(object -> object.judgement().rulings().stream()
                                .map(ruling -> new ToldFinding(
                                        object.ref(),
                                        ruling.finding().rule().id(),
                                        ruling.action().id(),
                                        Sentences.message(ruling),
                                        FindingFingerprint.of(object.ref(), ruling.finding()))))
                        .toList());
    }

    private static ToldRow row(FleetRow row) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("participant", row.participant().map(ObjectRef::toString).orElse(""));
        fields.put("version", row.version().map(SpliceVersion::toString).orElse(""));
        fields.put("keys", row.keys().id());
        fields.put("kms", row.kms());
        fields.put("governanceKey", row.governanceKey().id());
        fields.put("flag", row.flag().id());
        fields.put("decision", row.decision().id());
        return new ToldRow(row.kind().id(), row.app(), fields);
    }
}
