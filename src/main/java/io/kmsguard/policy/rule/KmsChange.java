// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.KmsDrivers;
import io.kmsguard.splice.Workload;
import java.util.Optional;

/** The part of {@link KmsMigration} that looks at a participant before and after. */
final class KmsChange {

    private static final String FRESH_SV =
            "a fresh SV on a fresh participant, and the old SV is offboarded (kms-guard plan tells how)";

    private static final String DECISIVE =
            "; kmsDrivers in the policy file names the settings of a driver that decide where its keys are";

    private KmsChange() {}

    static Optional<Finding> find(Subject subject, Container old, Container container) {
        var was = KmsState.of(old);
        var is = KmsState.of(container);
        var first = FirstSight.of(subject, container).filter(seen -> is.hidden().isEmpty() && !seen.isOf(was));
        if (first.isPresent()) {
            return first.get().find(container);
        }
        if (was.hidden().isPresent() || is.hidden().isPresent()) {
            return hidden(old, was, container, is);
        }
        if (is.hasTheKeysOf(was, subject.drivers())) {
            return Optional.empty();
        }
        var harmless = NeverAvailable.why(subject, old);
        return Optional.of(
                harmless.isPresent()
                        ? KmsMigration.finding(
                                container,
                                Ground.NOTICE,
                                change(subject.drivers(), was, is) + "; this passes, since " + harmless.get(),
                                "see to it that the database is one that no other participant has used")
                        : KmsMigration.finding(
                                container, Ground.SEEN, change(subject.drivers(), was, is), fix(subject, was, is)));
    }

    /** What cannot be read is no change only where it is the same, letter by letter and source by source. */
    private static Optional<Finding> hidden(Container old, KmsState was, Container container, KmsState is) {
        if (old.config().hasSameTextAs(container.config()) && was.equals(is)) {
            return Optional.empty();
        }
        var why = is.hidden().or(was::hidden).orElse("");
        return Optional.of(KmsMigration.finding(
                container,
                Ground.UNKNOWN,
                "whether the participant keeps its KMS could not be told: " + why
                        + (is.hidden().isPresent() ? "" : " in the running revision"),
                "write crypto into an ADDITIONAL_CONFIG env var with a plain value that Canton can read; a participant that"
                        + " never started with its configuration can be uninstalled and installed anew"));
    }

    private static String change(KmsDrivers drivers, KmsState was, KmsState is) {
        if (!is.isKms()) {
            return "this update takes the participant off its KMS; the running revision keeps its keys in "
                    + was.describe() + ", this one names no KMS, and keys that lie in a KMS never leave it";
        }
        var never = ", and the root key of a participant can never be replaced";
        var settings = is.differences(was, drivers);
        if (!settings.isEmpty()) {
            return "this update changes kms.config of the participant's " + was.describe() + ": " + settings
                    + "; where a driver keeps the keys is told by its settings" + never;
        }
        return was.isKms()
                ? "this update moves the participant from " + was.describe() + " to " + is.describe()
                        + ", where its keys are not" + never
                : "this update moves a participant that has keys of its own to " + is.describe() + never;
    }

    private static String fix(Subject subject, KmsState was, KmsState is) {
        var values = subject.workload().map(KmsChange::values).orElse("")
                + FirstSight.sources(subject.workloadBefore())
                        .map(sources -> "; that one takes configuration from " + sources)
                        .orElse("");
        if (!is.isKms()) {
            return "pass every values file again, with the kms section of the running revision (" + values
                    + "); a rollback to a revision before the KMS is the same mistake";
        }
        return was.isKms()
                ? "keep the kms values of the running revision (" + values + "); another KMS needs " + FRESH_SV
                        + (is.differences(was, subject.drivers()).isEmpty() ? "" : DECISIVE)
                        + NeverAvailable.hint(subject)
                : "leave kms out of the values; a KMS needs " + FRESH_SV;
    }

    /** A refused upgrade is the latest revision, and so the one that {@code helm get values} shows by itself. */
    private static String values(Workload workload) {
        var release = workload.podLabels()
                .getOrDefault("app.kubernetes.io/instance", workload.ref().name());
        var helm = "helm -n " + workload.ref().namespace() + " ";
        return helm + "history " + release + " tells which is deployed, " + helm + "get values " + release
                + " --revision N shows its values";
    }
}
