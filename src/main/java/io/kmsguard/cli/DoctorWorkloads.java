// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvVar;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Releases;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.SpliceVersion;
import io.kmsguard.splice.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What runs beside the guard: the releases of participants and SV apps, and the webhooks of others that they need. */
final class DoctorWorkloads {

    private static final String NEIGHBOURS = "neighbours";
    private static final String VERSIONS = "versions";

    private static final Duration EACH = Duration.ofSeconds(20);

    private final Surroundings world;

    DoctorWorkloads(Surroundings world) {
        this.world = world;
    }

    /** Looks. */
    List<Diagnosis> look() {
        var lookup = world.workloads(Deadline.in(EACH));
        if (!(lookup instanceof Lookup.Found<List<Workload>> found)) {
            var why = ((Lookup.Unknown<List<Workload>>) lookup).why();
            return List.of(Diagnosis.cannotTell(VERSIONS, why), Diagnosis.cannotTell(NEIGHBOURS, why));
        }
        var guarded = found.value().stream()
                .filter(workload -> workload.containers().stream()
                        .anyMatch(container -> container.is(Role.PARTICIPANT) || container.is(Role.SV_APP)))
                .toList();
        var diagnoses = new ArrayList<>(versions(guarded));
        diagnoses.addAll(neighbours(guarded));
        return diagnoses;
    }

    private static List<Diagnosis> versions(List<Workload> guarded) {
        if (guarded.isEmpty()) {
            return List.of(Diagnosis.ok(VERSIONS, "No participant and no SV app runs in this cluster."));
        }
        var diagnoses = new ArrayList<Diagnosis>();
        var counts = guarded.stream()
                .collect(Collectors.groupingBy(
                        workload ->
                                workload.version().map(SpliceVersion::toString).orElse("unknown"),
                        TreeMap::new,
                        Collectors.counting()));
        diagnoses.add(Diagnosis.ok(
                VERSIONS,
                "Participants and SV apps by Splice release: "
                        + String.join(
                                ", ",
                                counts.entrySet().stream()
                                        .map(each -> each.getKey() + " (" + each.getValue() + ")")
                                        .toList())
                        + "."));
        guarded.stream()
                .filter(workload -> workload.version().isEmpty())
                .forEach(workload -> diagnoses.add(Diagnosis.warn(
                        VERSIONS,
                        workload.ref() + ": its Splice release cannot be told, so rules that depend on it only warn.",
                        "Tag the image, or set the label app.kubernetes.io/version, with the release.")));
        diagnoses.addAll(newer(guarded));
        guarded.stream()
                .filter(workload ->
                        workload.version().filter(Releases::isOlderThanKnown).isPresent())
                .forEach(workload -> diagnoses.add(Diagnosis.warn(
                        VERSIONS,
                        workload.ref() + " is of a release before Splice 0.4, whose charts the rules do not know.",
                        "Upgrade it, or read refusals of it with care.")));
        return diagnoses;
    }

    private static List<Diagnosis> newer(List<Workload> guarded) {
        return guarded.stream()
                .flatMap(workload -> workload.version().filter(Releases::isNewerThanKnown).stream()
                        .map(version -> Diagnosis.warn(
                                VERSIONS,
                                workload.ref() + " runs Splice " + version + ", newer than " + Releases.NEWEST
                                        + ", the newest release that this guard knows. What is new there only brings"
                                        + " warnings.",
                                "Upgrade the guard to a version that knows this release.")))
                .toList();
    }

    private List<Diagnosis> neighbours(List<Workload> guarded) {
        var diagnoses = new ArrayList<Diagnosis>();
        need(
                guarded.stream()
                        .filter(workload -> workload.containers().stream().anyMatch(DoctorWorkloads::usesVault))
                        .toList(),
                "takes values by vault: references, and no webhook of bank-vaults is there to put them in",
                "Install the vault-secrets-webhook of bank-vaults before its pods start again.",
                name -> name.contains("vault"),
                diagnoses);
        need(
                guarded.stream().filter(this::usesIrsa).toList(),
                "has an AWS role by its ServiceAccount, and no pod-identity-webhook is there to hand it out",
                "On EKS that webhook is there by itself; elsewhere install amazon-eks-pod-identity-webhook.",
                name -> name.contains("pod-identity"),
                diagnoses);
        if (diagnoses.isEmpty()) {
            diagnoses.add(Diagnosis.ok(NEIGHBOURS, "Nothing needs a webhook of others that is not there."));
        }
        return diagnoses;
    }

    private static boolean usesVault(Container container) {
        return container.env().stream().anyMatch(EnvVar::isVaultReference);
    }

    private boolean usesIrsa(Workload workload) {
        var account = new ObjectRef("ServiceAccount", workload.ref().namespace(), workload.serviceAccount());
        return world.get(account, Deadline.in(EACH))
                .toOptional()
                .filter(object -> object.at("/metadata/annotations").has("eks.amazonaws.com/role-arn"))
                .isPresent();
    }

    private void need(
            List<Workload> users, String what, String fix, Predicate<String> webhook, List<Diagnosis> diagnoses) {
        if (users.isEmpty()) {
            return;
        }
        var lookup = world.mutatingWebhooks(Deadline.in(EACH));
        if (!(lookup instanceof Lookup.Found<List<String>> found)) {
            var why = lookup instanceof Lookup.Unknown<List<String>> unknown
                    ? unknown.why()
                    : "there is no list of webhooks";
            diagnoses.add(Diagnosis.cannotTell(
                    NEIGHBOURS, "whether what " + users.get(0).ref() + " needs is there: " + why));
            return;
        }
        if (found.value().stream().noneMatch(webhook)) {
            users.forEach(user -> diagnoses.add(Diagnosis.bad(NEIGHBOURS, user.ref() + " " + what + ".", fix)));
        }
    }
}
