// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.AuditReport.Gap;
import io.kmsguard.admission.AuditedObject;
import io.kmsguard.admission.FleetRow;
import io.kmsguard.admission.FleetRow.Flag;
import io.kmsguard.admission.FleetRow.GovernanceKey;
import io.kmsguard.admission.FleetRow.Keys;
import io.kmsguard.admission.FleetRow.Kind;
import io.kmsguard.admission.ManifestFiles;
import io.kmsguard.admission.ManifestLines;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.policy.PolicyException;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.SpliceVersion;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Audit reports made by hand, for what shows them. */
final class AuditReports {

    static final AuditReport EMPTY = new AuditReport(
            Instant.parse("2026-11-25T15:20:31.417Z"), "folder", List.of(), List.of(), List.of(), List.of());

    private static final Optional<SpliceVersion> VERSION = Optional.of(SpliceVersion.of(0, 7, 3));

    private AuditReports() {}

    /** One of everything. */
    static AuditReport example() {
        return with("");
    }

    /**
     * One of everything, with a text in each word that a cluster, a file or a policy can say.
     *
     * @param word added to each
     */
    static AuditReport with(String word) {
        var sv = ref("Deployment", "sv-1" + word, "sv-app" + word);
        var participant = ref("StatefulSet", "nodes" + word, "participant" + word);
        var validator = ref("Deployment", "val" + word, "validator-app" + word);
        var lone = ref("Deployment", "val" + word, "participant" + word);
        return new AuditReport(
                EMPTY.at(),
                "cluster https://api.example" + word,
                rows(sv, participant, validator, lone, word),
                List.of(
                        theWorst(participant, word),
                        object(sv, Role.SV_APP, Optional.empty(), ruling("governance-key-flag", Action.DENY, "", word)),
                        object(lone, Role.PARTICIPANT, Optional.empty()),
                        object(
                                validator,
                                Role.VALIDATOR_APP,
                                Optional.empty(),
                                ruling("kms-config", Action.AUDIT, "", word))),
                List.of(new Gap("namespace b" + word, "it may not be read" + word)),
                List.of(new PolicyException(
                        "kms-mode" + word,
                        "sv-1" + word,
                        Optional.of("sv-app" + word),
                        "ops" + word,
                        "a test" + word,
                        LocalDate.parse("2026-10-31"))));
    }

    private static List<FleetRow> rows(
            ObjectRef sv, ObjectRef participant, ObjectRef validator, ObjectRef lone, String word) {
        return List.of(
                row(Kind.PARTICIPANT, lone, Optional.empty(), Decision.ALLOW, Flag.NOT_NEEDED, "", ""),
                row(
                        Kind.SV,
                        sv,
                        Optional.of(participant),
                        Decision.DENY,
                        Flag.MISSING,
                        "GCP KMS (project acme)" + word,
                        "set the flag" + word),
                row(
                        Kind.VALIDATOR,
                        validator,
                        Optional.of(lone),
                        Decision.WARN,
                        Flag.UNKNOWN,
                        "AWS KMS" + word,
                        "shorten it" + word));
    }

    private static AuditedObject theWorst(ObjectRef participant, String word) {
        return object(
                participant,
                Role.PARTICIPANT,
                Optional.of(new AuditedObject.Source("sv.yaml" + word, lines())),
                ruling("session-key-lifetime", Action.WARN, "as before", word),
                ruling("kms-config", Action.DENY, "", word));
    }

    /** A fleet of that many SVs, every second one of which is refused. */
    static AuditReport many(int count) {
        var refs = IntStream.range(0, count)
                .mapToObj(i -> ref("Deployment", "tenant-" + i, "sv-app"))
                .toList();
        return new AuditReport(
                EMPTY.at(),
                "cluster https://api.example",
                IntStream.range(0, count)
                        .mapToObj(i -> row(
                                Kind.SV,
                                refs.get(i),
                                Optional.of(ref("Deployment", "tenant-" + i, "participant")),
                                i % 2 == 0 ? Decision.DENY : Decision.ALLOW,
                                i % 2 == 0 ? Flag.MISSING : Flag.SET,
                                "GCP KMS (project acme-canton, location us-east1, key ring sv-" + i + ")",
                                i % 2 == 0 ? "set the flag" : ""))
                        .toList(),
                IntStream.range(0, count)
                        .mapToObj(i -> object(
                                refs.get(i),
                                Role.SV_APP,
                                Optional.empty(),
                                i % 2 == 0
                                        ? new Ruling[] {ruling("governance-key-flag", Action.DENY, "", "")}
                                        : new Ruling[0]))
                        .toList(),
                List.of(),
                List.of());
    }

    private static ObjectRef ref(String kind, String namespace, String name) {
        return new ObjectRef(kind, namespace, name);
    }

    private static FleetRow row(
            Kind kind,
            ObjectRef app,
            Optional<ObjectRef> participant,
            Decision decision,
            Flag flag,
            String kms,
            String next) {
        var keys = kms.isEmpty() ? Keys.OWN : Keys.KMS;
        var key = kind == Kind.SV ? GovernanceKey.ABSENT : GovernanceKey.NOT_NEEDED;
        var version = kind == Kind.VALIDATOR ? Optional.<SpliceVersion>empty() : VERSION;
        return new FleetRow(kind, app, participant, version, keys, kms, key, flag, decision, next);
    }

    private static AuditedObject object(
            ObjectRef ref, Role role, Optional<AuditedObject.Source> source, Ruling... rulings) {
        return new AuditedObject(ref, "", List.of(role), VERSION, new Judgement(List.of(rulings)), source);
    }

    private static Ruling ruling(String rule, Action action, String why, String word) {
        var finding = Finding.seen(
                rule(rule), "key", "container c: a defect" + word, "mend it" + word, "/spec/template" + word);
        return new Ruling(finding, action, why);
    }

    private static RuleInfo rule(String id) {
        return Rules.all().stream()
                .map(rule -> rule.info())
                .filter(info -> info.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static ManifestLines lines() {
        var text =
                "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: p}\nspec:\n  replicas: 1\n  template: {}\n";
        var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return ManifestFiles.read(List.of("-"), in).manifests().get(0).lines();
    }
}
