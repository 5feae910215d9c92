// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.PolicyFile;
import io.kmsguard.admission.PolicyFileReader;
import io.kmsguard.cluster.ApiProbe;
import io.kmsguard.cluster.Installation;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.rule.Rules;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The guard's own objects: its policy, and its replicas. */
final class DoctorState {

    private static final String POLICY = "policy";
    private static final String KEY = "policy.yaml";
    private static final String REPLICAS = "replicas";

    private final ApiProbe api;
    private final Installation installation;
    private PolicyFile policy = PolicyFile.DEFAULT;

    DoctorState(ApiProbe api, Installation installation) {
        this.api = api;
        this.installation = installation;
    }

    /** The policy as far as it could be read by {@link #policy}; else the defaults. */
    PolicyFile policyFile() {
        return policy;
    }

    /** Looks at the policy. */
    List<Diagnosis> policy() {
        var what = "ConfigMap " + installation.namespace() + "/" + installation.policy();
        var lookup =
                api.get("api/v1/namespaces/" + installation.namespace() + "/configmaps/" + installation.policy(), what);
        if (lookup instanceof Lookup.Unknown<JsonNode> unknown) {
            return List.of(Diagnosis.cannotTell(POLICY, unknown.why()));
        }
        var text =
                lookup.toOptional().map(object -> object.path("data").path(KEY).asString(""));
        if (text.isEmpty() || text.get().isEmpty()) {
            return List.of(Diagnosis.bad(
                    POLICY,
                    what + (text.isEmpty() ? " is not there." : " has no " + KEY + "."),
                    "helm upgrade of the guard puts it back."));
        }
        var reading = PolicyFileReader.read(text.get(), Rules.all());
        if (reading instanceof PolicyFile.Reading.Refused refused) {
            return refused.problems().stream()
                    .map(
                            problem -> Diagnosis.bad(
                                    POLICY,
                                    what + ", " + KEY + ":" + problem.line() + ": " + problem.message(),
                                    "Mend the value policy of the chart (docs/policy.md); until then the last good one is in force."))
                    .toList();
        }
        policy = ((PolicyFile.Reading.Read) reading).file();
        return exceptions(what);
    }

    private List<Diagnosis> exceptions(String what) {
        var diagnoses = new ArrayList<Diagnosis>();
        for (var exception : policy.expired(LocalDate.now(ZoneOffset.UTC))) {
            diagnoses.add(Diagnosis.warn(
                    POLICY,
                    what + ": the exception from " + exception.rule() + " in namespace " + exception.namespace()
                            + " ended on " + exception.until() + " and does nothing.",
                    "Ask " + exception.owner() + " whether it can go."));
        }
        if (diagnoses.isEmpty()) {
            diagnoses.add(Diagnosis.ok(
                    POLICY,
                    what + " can be read; exceptions: " + policy.exceptions().size() + "."));
        }
        return diagnoses;
    }

    /** Looks at the Deployment. */
    Diagnosis replicas() {
        var what = "Deployment " + installation.namespace() + "/" + installation.name();
        var lookup = api.get(
                "apis/apps/v1/namespaces/" + installation.namespace() + "/deployments/" + installation.name(), what);
        if (lookup instanceof Lookup.Unknown<JsonNode> unknown) {
            return Diagnosis.cannotTell(REPLICAS, unknown.why());
        }
        var pods = "kubectl -n " + installation.namespace() + " get pods; /readyz of a pod says what it waits for.";
        if (!(lookup instanceof Lookup.Found<JsonNode> found)) {
            return Diagnosis.bad(REPLICAS, what + " is not there.", "helm upgrade --install of the guard.");
        }
        var wanted = found.value().at("/spec/replicas").asInt(1);
        var ready = found.value().at("/status/readyReplicas").asInt(0);
        var message = what + ": " + ready + " of " + wanted + " replicas are ready.";
        if (ready == 0) {
            return Diagnosis.bad(REPLICAS, message, pods);
        }
        if (ready < wanted) {
            return Diagnosis.warn(REPLICAS, message, pods);
        }
        return wanted > 1
                ? Diagnosis.ok(REPLICAS, message)
                : Diagnosis.warn(
                        REPLICAS, message, "With one replica nobody answers while it is moved: set replicas to 2.");
    }
}
