// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cluster.ApiProbe;
import io.kmsguard.cluster.Installation;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Whether the API server gets through to the guard: a server-side dry run of what the guard must refuse. */
final class DoctorReach {

    private static final String CHECK = "reachable";
    private static final Pattern DENIED = Pattern.compile("admission webhook \"([^\"]+)\" denied the request");
    private static final Pattern FAILED = Pattern.compile("failed calling webhook \"([^\"]+)\"");

    /** A word of the API server's, what it means, and the way out. */
    private record Trouble(String word, String meaning, String fix) {}

    private static final List<Trouble> TROUBLES = List.of(
            new Trouble(
                    "no endpoints available",
                    "no replica is ready",
                    "kubectl -n %1$s get pods; /readyz of a pod says what it waits for."),
            new Trouble(
                    "unknown authority", "it does not trust the guard's certificate", "See the line on certificates."),
            new Trouble("x509:", "it does not accept the guard's certificate", "See the line on certificates."),
            new Trouble("not found", "the Service %2$s is not there", "helm upgrade of the guard puts it back."),
            new Trouble(
                    "connection refused",
                    "nothing listens at the pods' port",
                    "kubectl -n %1$s get pods,endpointslices."),
            new Trouble(
                    "context deadline exceeded",
                    "the control plane does not reach the pods in time",
                    "docs/install.md on private GKE, EKS and firewalls."),
            new Trouble(
                    "timeout",
                    "the control plane does not reach the pods in time",
                    "docs/install.md on private GKE, EKS and firewalls."),
            new Trouble(
                    "no route to host",
                    "the control plane has no way to the pods",
                    "docs/install.md on private GKE, EKS and firewalls."));

    private DoctorReach() {}

    /** Tries in that namespace; nothing is stored. */
    static Diagnosis look(ApiProbe api, Installation installation, String namespace) {
        var posted = api.post(
                "apis/apps/v1/namespaces/" + namespace + "/deployments?dryRun=All&fieldManager=kms-guard-doctor",
                deployment(namespace));
        var message = posted.message();
        var denied = DENIED.matcher(message);
        var failed = FAILED.matcher(message);
        if (posted.code() / 100 == 2) {
            return Diagnosis.bad(
                    CHECK,
                    "A participant that Canton cannot start passed a dry run in namespace " + namespace
                            + ": the guard was not asked, or its policy lets it pass.",
                    "See the lines on webhooks and policy; with failurePolicy Ignore also kubectl -n "
                            + installation.namespace() + " get pods.");
        }
        if (denied.find()) {
            return denied.group(1).equals(Installation.WORKLOADS)
                    ? Diagnosis.ok(
                            CHECK,
                            "The API server gets through: a dry run in namespace " + namespace
                                    + " was refused by the guard.")
                    : Diagnosis.cannotTell(
                            CHECK, "webhook " + denied.group(1) + " refused the dry run before the guard was asked");
        }
        if (failed.find()) {
            return failed.group(1).equals(Installation.WORKLOADS)
                    ? unreachable(message, installation)
                    : Diagnosis.cannotTell(CHECK, "webhook " + failed.group(1) + " failed before the guard was asked");
        }
        return Diagnosis.cannotTell(
                CHECK,
                posted.code() == 403
                        ? "your account may not create Deployments in namespace " + namespace
                                + ", not even in a dry run (403)"
                        : "the dry run in namespace " + namespace + " was not taken (" + posted.code() + ")");
    }

    private static Diagnosis unreachable(String message, Installation installation) {
        var service = installation.namespace() + "/" + installation.name();
        for (var trouble : TROUBLES) {
            if (message.contains(trouble.word())) {
                return Diagnosis.bad(
                        CHECK,
                        "The API server does not get through: "
                                + trouble.meaning().formatted(installation.namespace(), service) + ".",
                        trouble.fix().formatted(installation.namespace(), service));
            }
        }
        return Diagnosis.bad(
                CHECK,
                "The API server does not get through; it says: " + message,
                "kubectl -n " + installation.namespace() + " get pods.");
    }

    /** A participant whose configuration nobody can parse, which the guard refuses whatever else is there. */
    private static JsonNode deployment(String namespace) {
        var name = "kms-guard-doctor-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        var object = PrettyJson.object();
        object.put("apiVersion", "apps/v1").put("kind", "Deployment");
        object.putObject("metadata").put("name", name).put("namespace", namespace);
        var spec = object.putObject("spec");
        spec.put("replicas", 1).putObject("selector").putObject("matchLabels").put("app", name);
        var template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", name);
        var container = template.putObject("spec").putArray("containers").addObject();
        container.put("name", "participant").put("image", "canton-participant:0.0.0");
        container
                .putArray("env")
                .addObject()
                .put("name", "ADDITIONAL_CONFIG_KMS_GUARD_DOCTOR")
                .put("value", "canton.participants.participant.crypto { provider = kms, kms {");
        return object;
    }
}
