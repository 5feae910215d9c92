// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cli.PlanNames.Cast;
import io.kmsguard.splice.ChartValues;
import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The way out where an identity cannot be taken along: a fresh SV, or validator, beside the old one (Splice documentation,
 * "Security Hardening" of SVs and of validators, "SV Operations", and the Kubernetes-based deployment).
 */
final class FreshNode {

    private static final String YOU = "you";
    private static final String ALL_SVS = "you and the other SV operators";

    private final Cast cast;
    private final String fresh;
    private final List<Step> steps = new ArrayList<>();

    private FreshNode(Cast cast) {
        this.cast = cast;
        this.fresh = cast.namespace() + "-new";
    }

    /**
     * One step.
     *
     * @param who who does it
     * @param commands to copy, each on a line of its own
     */
    record Step(String who, String text, List<String> commands) {}

    /** Where the documentation says it. */
    static String source(Cast cast) {
        return cast.isValidator()
                ? "\"Security Hardening\" of validators, section \"Migrating an existing validator to use an external KMS\""
                : "\"Security Hardening\" of SVs, section \"Migrating an existing SV to use an external KMS for participant"
                        + " keys\"";
    }

    /** The steps in their order. */
    static List<Step> steps(Cast cast) {
        var node = new FreshNode(cast);
        node.prepare();
        node.install();
        if (cast.isValidator()) {
            node.add(YOU, "Transfer all relevant assets from the old validator to the fresh one.");
        } else {
            node.moveOver();
        }
        node.retire();
        return List.copyOf(node.steps);
    }

    private void add(String who, String text, String... commands) {
        steps.add(new Step(who, text, List.of(commands)));
    }

    private void prepare() {
        add(
                YOU,
                "Leave what runs as it is: " + old()
                        + " keep the values of their running revision until they are retired in" + " the last step.");
        add(
                YOU,
                "Prepare a fresh participant: a namespace of its own (" + fresh
                        + " below; any name will do), an empty database"
                        + " of its own" + taken() + ", "
                        + cast.kms()
                                .map(kms -> "kms values for " + kms + " and the credentials for it")
                                .orElse("no kms values")
                        + ".",
                "kubectl create namespace " + fresh);
        if (cast.isValidator()) {
            return;
        }
        var hasCometBft = cast.svApps().isEmpty() || cast.svApps().stream().anyMatch(FreshNode::hasCometBft);
        add(
                YOU,
                "Prepare an SV name and an SV identity of its own"
                        + (hasCometBft ? ", and a CometBFT node identity of its own" : "")
                        + ": the old SV stays onboarded meanwhile, and no two SVs can have the same.");
        if (cast.kms().isPresent() && hasCometBft) {
            var chart = cast.svApps().stream().findFirst().flatMap(Workload::chart);
            add(
                    YOU,
                    "Make its governance key, and set " + ChartValues.governanceKeys(chart, List.of("current")) + ".",
                    cast.secrets().generateCommand(fresh));
        }
    }

    private static boolean hasCometBft(Workload svApp) {
        return svApp.containers(Role.SV_APP).stream()
                .flatMap(container -> container.cometBftNodes().stream())
                .anyMatch(CometBftNode::enabled);
    }

    private String old() {
        var all = Stream.of(cast.participant().stream(), cast.svApps().stream(), cast.validatorApps().stream())
                .flatMap(each -> each)
                .map(workload -> workload.ref()
                        + release(workload)
                                .map(release -> " (Helm release " + release + ")")
                                .orElse(""))
                .distinct()
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "the old participant and its apps" : all;
    }

    /** By the label that every chart sets; a participant's Deployment is named after its release in any case. */
    private static Optional<String> release(Workload workload) {
        return Optional.ofNullable(workload.podLabels().get("app.kubernetes.io/instance"))
                .or(() -> workload.containers(Role.PARTICIPANT).isEmpty()
                        ? Optional.empty()
                        : Optional.of(workload.ref().name()));
    }

    private String taken() {
        var values = ChartValues.emptyDatabase(cast.participant().flatMap(Workload::chart));
        return cast.database().isEmpty()
                ? " (" + values + ")"
                : " (" + values + "; not " + String.join(", nor ", cast.database()) + ")";
    }

    private void install() {
        add(
                YOU,
                "See what the guard says of the rendered charts, all together.",
                "kms-guard check -n " + fresh + " rendered/");
        add(
                YOU,
                cast.isValidator()
                        ? "Install into " + fresh + ": the participant, then the validator app."
                        : "Install into " + fresh
                                + " in this order: the participant, then sequencer and mediator, then the SV"
                                + " app and the validator app.");
    }

    private void moveOver() {
        add(ALL_SVS, "Onboard the fresh SV with weight 0: they approve its SV identity.");
        add(
                ALL_SVS,
                "Move the weight of the old SV to the fresh one, by a vote \"Update SV Reward Weight\" for each (SV web UI,"
                        + " Governance). Adjust extraBeneficiaries before it takes effect, and the approved SV identities in"
                        + " the network's configs repository after it.");
        add(YOU, "Transfer all relevant assets from the old SV to the fresh one, or to a validator.");
        add(ALL_SVS, "Offboard the old SV.");
    }

    private void retire() {
        var releases = Stream.of(cast.svApps().stream(), cast.validatorApps().stream(), cast.participant().stream())
                .flatMap(each -> each)
                .flatMap(workload -> release(workload).stream()
                        .map(release -> "helm -n " + workload.ref().namespace() + " uninstall " + release))
                .distinct()
                .toArray(String[]::new);
        add(
                YOU,
                "Retire the old " + (cast.isValidator() ? "validator" : "SV") + ", its other releases too"
                        + " (sequencer, mediator, CometBFT and the like where it has them).",
                releases);
    }
}
