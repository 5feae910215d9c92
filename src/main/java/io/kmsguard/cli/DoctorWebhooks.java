// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cluster.ApiProbe;
import io.kmsguard.cluster.Installation;
import io.kmsguard.policy.Lookup;
import io.kmsguard.server.CertificateReport;
import io.kmsguard.splice.SecretData;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Whether the API server asks the guard about what it must, and can trust it. */
final class DoctorWebhooks {

    private static final String CHECK = "webhooks";
    private static final String CERTIFICATES = "certificates";
    private static final String UPGRADE =
            "helm upgrade of the guard (or kubectl apply --server-side of install.yaml) puts it" + " back.";
    private static final List<String> COMPARED =
            List.of("rules", "matchConditions", "sideEffects", "matchPolicy", "reinvocationPolicy");

    private static final Map<String, String> KINDS = Map.of(
            "ValidatingWebhookConfiguration", "validatingwebhookconfigurations",
            "MutatingWebhookConfiguration", "mutatingwebhookconfigurations");

    private final Installation installation;
    private final ExpectedInstallation expected;
    private final Map<String, Lookup<JsonNode>> found = new LinkedHashMap<>();
    private final List<Diagnosis> diagnoses = new ArrayList<>();
    private final ApiProbe api;

    DoctorWebhooks(ApiProbe api, Installation installation, ExpectedInstallation expected) {
        this.api = api;
        this.installation = installation;
        this.expected = expected;
        for (var kind : List.of("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")) {
            var what = kind + " " + installation.name();
            found.put(
                    kind,
                    api.get(
                            "apis/admissionregistration.k8s.io/v1/" + KINDS.get(kind) + "/" + installation.name(),
                            what));
        }
    }

    /** Whether the guard makes its own certificates; where nobody can tell, it does. */
    boolean isManaged() {
        return found.values().stream()
                .flatMap(lookup -> lookup.toOptional().stream())
                .noneMatch(object -> object.at("/metadata/annotations").has("cert-manager.io/inject-ca-from"));
    }

    /** Looks. */
    List<Diagnosis> look() {
        found.forEach(this::configuration);
        certificates();
        return diagnoses;
    }

    private void configuration(String kind, Lookup<JsonNode> lookup) {
        var what = kind + " " + installation.name();
        if (lookup instanceof Lookup.Unknown<JsonNode> unknown) {
            diagnoses.add(Diagnosis.cannotTell(CHECK, unknown.why()));
            return;
        }
        if (lookup instanceof Lookup.Absent<JsonNode>) {
            diagnoses.add(Diagnosis.bad(CHECK, what + " is not there: nothing asks the guard.", UPGRADE));
            return;
        }
        var webhooks = ((Lookup.Found<JsonNode>) lookup)
                .value()
                .path("webhooks")
                .valueStream()
                .collect(Collectors.toMap(DoctorWebhooks::name, w -> w, (a, b) -> a));
        var before = diagnoses.size();
        for (var each : expected.webhooks(kind)) {
            compare(what + ": " + name(each), each, Optional.ofNullable(webhooks.get(name(each))));
        }
        if (diagnoses.size() == before) {
            diagnoses.add(Diagnosis.ok(CHECK, what + " is as this version expects."));
        }
    }

    private static String name(JsonNode webhook) {
        return webhook.path("name").asString("");
    }

    private void compare(String what, JsonNode want, Optional<JsonNode> has) {
        if (has.isEmpty()) {
            diagnoses.add(Diagnosis.bad(CHECK, what + " is not there.", UPGRADE));
            return;
        }
        var webhook = has.get();
        var differing =
                COMPARED.stream().filter(field -> !isSame(field, want, webhook)).toList();
        if (!differing.isEmpty()) {
            diagnoses.add(Diagnosis.bad(
                    CHECK,
                    what + " differs from what this version expects in " + String.join(", ", differing) + ".",
                    UPGRADE));
        }
        if (want.path("failurePolicy").asString("").equals("Fail")
                && !webhook.path("failurePolicy").asString("").equals("Fail")) {
            diagnoses.add(Diagnosis.warn(
                    CHECK,
                    what + " has failurePolicy Ignore: while no replica answers, everything passes unseen.",
                    "Set webhook.failurePolicy to Fail."));
        }
        excluded(what, webhook);
        var service = webhook.at("/clientConfig/service");
        if (!service.path("name").asString("").equals(installation.name())
                || !service.path("namespace").asString("").equals(installation.namespace())) {
            diagnoses.add(Diagnosis.bad(
                    CHECK,
                    what + " does not lead to Service " + installation.namespace() + "/" + installation.name() + ".",
                    UPGRADE));
        }
    }

    /** What the API server fills in is not in the chart, and which Secrets there are is said in values. */
    private static boolean isSame(String field, JsonNode want, JsonNode has) {
        var is = has.path(field);
        if (!want.has(field) || want.path(field).equals(is)) {
            return true;
        }
        return switch (name(want) + " " + field) {
            case "secrets.kms-guard.io matchConditions" -> is.toString().contains("request.name == '");
            case "configuration.kms-guard.io matchConditions" -> is.toString().contains("request.name in ['");
            case "configuration.kms-guard.io rules" -> is.toString().contains("\"secrets\"");
            default -> false;
        };
    }

    private void excluded(String what, JsonNode webhook) {
        var selector = webhook.path("namespaceSelector");
        var excluded = selector.path("matchExpressions")
                .valueStream()
                .filter(each -> each.path("operator").asString("").equals("NotIn")
                        && each.path("key").asString("").equals("kubernetes.io/metadata.name"))
                .flatMap(each -> each.path("values").valueStream())
                .map(value -> value.asString(""))
                .toList();
        var only = selector.path("matchExpressions").size() == 1
                && selector.path("matchLabels").isEmpty();
        if (!excluded.contains("kube-system") || !excluded.contains(installation.namespace())) {
            diagnoses.add(Diagnosis.bad(
                    CHECK, what + " does not leave out kube-system and " + installation.namespace() + ".", UPGRADE));
        } else if (!only) {
            diagnoses.add(Diagnosis.warn(
                    CHECK,
                    what + " has a namespaceSelector of somebody else's: some namespaces are not guarded.",
                    UPGRADE));
        }
        var more = excluded.stream()
                .filter(name -> !name.equals("kube-system") && !name.equals(installation.namespace()))
                .toList();
        if (!more.isEmpty() && what.contains("workloads.")) {
            diagnoses.add(Diagnosis.warn(
                    CHECK,
                    what + " leaves out namespace " + String.join(", ", more) + ": nothing in it is guarded.",
                    "That is webhook.excludedNamespaces; take it out where it is no longer wanted."));
        }
    }

    private void certificates() {
        var place = "Secret " + installation.namespace() + "/" + installation.certificates();
        var lookup = api.get(
                "api/v1/namespaces/" + installation.namespace() + "/secrets/" + installation.certificates(), place);
        if (lookup instanceof Lookup.Unknown<JsonNode> unknown) {
            diagnoses.add(Diagnosis.cannotTell(CERTIFICATES, unknown.why()));
            return;
        }
        var texts = lookup.toOptional().map(SecretData::texts).orElse(Map.of());
        var report = new CertificateReport(place, texts, Instant.now());
        var wrong = new ArrayList<>(report.problems(Optional.of(installation.serverName())));
        found.forEach((kind, configuration) -> configuration
                .toOptional()
                .ifPresent(object -> object.path("webhooks")
                        .forEach(webhook -> report.distrustedBy(bundle(webhook))
                                .ifPresent(why -> wrong.add(kind + " " + installation.name() + ": " + name(webhook)
                                        + " does not trust the certificate: " + why + ".")))));
        wrong.forEach(problem -> diagnoses.add(Diagnosis.bad(CERTIFICATES, problem, mend())));
        report.overdue()
                .forEach(each -> diagnoses.add(Diagnosis.warn(CERTIFICATES, each, CertificateReport.NOBODY_RENEWS)));
        if (wrong.isEmpty() && report.overdue().isEmpty()) {
            diagnoses.add(Diagnosis.ok(
                    CERTIFICATES,
                    place + " is valid for " + installation.serverName() + ", and every caBundle vouches for it."));
        }
    }

    private String mend() {
        return isManaged()
                ? "A leader mends that within seconds: look whether a replica leads and may write (its log, and rights"
                        + " below); without the data of Secret " + installation.certificates() + " it makes new ones."
                : "kubectl -n " + installation.namespace() + " describe certificate " + installation.name()
                        + " tells what cert-manager waits for.";
    }

    private static String bundle(JsonNode webhook) {
        try {
            return new String(
                    Base64.getDecoder()
                            .decode(webhook.at("/clientConfig/caBundle").asString("")),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException noBase64) {
            return "";
        }
    }
}
