// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What must come out for each scenario of the corpus. Written by hand from the facts about the charts, not from what the
 * guard says.
 */
final class CorpusTable {

    private static final String FIRST = "warn governance-key-flag";
    private static final String UNWIRED = "unwired";
    private static final String GCP_SECRET = "gke-credentials";
    private static final String AWS_SECRET = "aws-credentials";

    /** Workloads that are none of the guard's business. */
    static final Set<String> UNGUARDED = Set.of("global-domain", "sv-validator");

    private CorpusTable() {}

    /**
     * A participant.
     *
     * @param kms which KMS has its keys; empty for none
     * @param defect what is wrong with it whatever is around it; two with the same one are as bad as each other
     * @param credentials which Secret with credentials it refers to, {@link #UNWIRED}, or empty where it needs none
     * @param findings what is found of that defect
     */
    record ParticipantRow(String name, String kms, String defect, String credentials, List<String> findings) {

        boolean isKms() {
            return !kms.isEmpty();
        }

        /** Helm release {@code participant-0}: no SV of the corpus names it. */
        boolean isUnused() {
            return name.equals("participant-kms-suffixed-release");
        }

        /** A Secret that is not seen may be there. */
        List<String> alone() {
            var all = credentials.isEmpty()
                    ? findings
                    : plus(findings, (credentials.equals(UNWIRED) ? "warn" : "unseen") + " kms-credentials");
            return isKms() ? plus(all, FIRST) : all;
        }

        /** No cluster of the corpus has Secrets with credentials, or a ServiceAccount with an identity. */
        private List<String> inCluster() {
            if (credentials.isEmpty()) {
                return findings;
            }
            return plus(findings, (credentials.equals(UNWIRED) ? "warn" : "deny") + " kms-credentials");
        }

        /** When an SV already runs. */
        List<String> under(SvRow sv) {
            if (isUnused()) {
                return plus(inCluster(), FIRST);
            }
            return isKms() && sv.keyless() ? plus(inCluster(), "deny governance-key-flag") : inCluster();
        }

        /** As an update, with no SV there; what was as wrong before is a warning, and advice is given once. */
        List<String> after(ParticipantRow before) {
            if (name.equals(before.name)) {
                return List.of();
            }
            var own = inCluster().stream()
                    .filter(finding -> finding.startsWith("deny") || !kms.equals(before.kms) || !wasSo(finding, before))
                    .map(finding -> wasSo(finding, before) ? finding.replace("deny", "warn") : finding)
                    .toList();
            var all = kms.equals(before.kms) ? own : plus(own, "deny kms-migration");
            return isKms() && !before.isKms() ? plus(all, FIRST) : all;
        }

        private boolean wasSo(String finding, ParticipantRow before) {
            return finding.endsWith(" kms-credentials")
                    ? credentials.equals(before.credentials)
                    : defect.equals(before.defect);
        }
    }

    /**
     * An SV app.
     *
     * @param keyless whether a node with CometBFT has no key
     * @param reads whether a key comes from the governance Secret
     * @param own what is wrong with it whatever is around it
     */
    record SvRow(String name, boolean keyless, boolean reads, List<String> own) {

        List<String> alone() {
            var findings = new ArrayList<>(own);
            if (keyless) {
                findings.add("warn governance-key-flag");
            }
            if (reads) {
                findings.add("unseen governance-key-secret");
            }
            return findings;
        }

        /** What is said of the governance Secret when it is deleted under the SV app. */
        List<String> onDeletion() {
            return reads ? List.of("deny governance-key-in-use") : List.of();
        }

        /** The node without a key; the scenario with two nodes has one for {@code current}. */
        private String keylessNode() {
            return name.equals("sv-two-nodes-one-key") ? "successor" : "current";
        }

        /** A flag at the wrong level has no effect, so nothing changes. */
        private boolean isRenderedAs(SvRow other) {
            var without = "sv-flag-misplaced";
            var plain = "sv-cometbft-default";
            return name.replace(without, plain).equals(other.name.replace(without, plain));
        }

        /**
         * As an update on a KMS participant, with a good Secret: a node that loses its key, or gets CometBFT without one, is
         * refused; one that had none before is not made worse.
         */
        List<String> after(SvRow before) {
            if (!keyless || isRenderedAs(before)) {
                return List.of();
            }
            var wasSo = before.keyless && before.keylessNode().equals(keylessNode());
            return List.of((wasSo ? "warn" : "deny") + " governance-key-flag");
        }

        List<String> on(ParticipantRow participant, GovernanceSecrets secret) {
            var findings = new ArrayList<>(own);
            if (keyless && participant.isUnused()) {
                findings.add("warn governance-key-flag");
            } else if (keyless && participant.isKms()) {
                findings.add("deny governance-key-flag");
            }
            if (reads && secret != GovernanceSecrets.GOOD) {
                findings.add("deny governance-key-secret");
            }
            return findings;
        }
    }

    static List<ParticipantRow> participants(String release) {
        var misread = List.of("deny kms-config");
        // Nested values are Go text up to 0.4.11.
        var goText = release.equals("0.4.2");
        return List.of(
                new ParticipantRow("participant-no-kms", "", "", "", List.of()),
                new ParticipantRow("participant-kms-envelope", "", "envelope", "", List.of("deny kms-mode")),
                new ParticipantRow("participant-kms-gcp-sample", "gcp", "", GCP_SECRET, List.of()),
                new ParticipantRow("participant-kms-gcp-bare", "gcp", "", UNWIRED, List.of()),
                new ParticipantRow("participant-kms-suffixed-release", "gcp", "", UNWIRED, List.of()),
                new ParticipantRow(
                        "participant-kms-placeholders",
                        "placeholders",
                        "placeholders",
                        GCP_SECRET,
                        List.of("deny kms-config", "deny kms-config", "deny kms-config")),
                new ParticipantRow("participant-kms-aws-sample", "aws", "", AWS_SECRET, List.of()),
                new ParticipantRow("participant-kms-aws-bare", "aws", "", UNWIRED, List.of()),
                new ParticipantRow("participant-kms-aws-single-region", "aws", "", AWS_SECRET, List.of()),
                new ParticipantRow("participant-kms-endpoint-unquoted", "aws", "no HOCON", UNWIRED, misread),
                new ParticipantRow(
                        "participant-kms-driver",
                        "driver",
                        goText ? "no HOCON" : "",
                        "",
                        goText ? misread : List.of()));
    }

    static List<SvRow> svs(String release) {
        var old = release.startsWith("0.4.") || release.startsWith("0.5.");
        // The scenario has the pair that the guide prints.
        var plaintext = List.of("deny governance-key-plaintext", "deny governance-key-published");
        var rows = new ArrayList<>(List.of(
                new SvRow("sv-cometbft-default", true, false, List.of()),
                new SvRow("sv-external-key", false, true, List.of()),
                new SvRow("sv-external-key-top-level", false, true, List.of()),
                new SvRow("sv-participant-fqdn", false, true, List.of()),
                // The value has no effect before 0.6.10: the Secret is read.
                new SvRow("sv-external-key-vault", false, old, List.of()),
                // Before 0.6.10 by additionalEnvVars, beside the chart's own: each name twice.
                new SvRow(
                        "sv-external-key-plaintext",
                        false,
                        false,
                        old ? plus(plaintext, List.of("warn duplicate-env", "warn duplicate-env")) : plaintext),
                new SvRow("sv-canton-bft", true, false, List.of()),
                new SvRow("sv-canton-bft-no-cometbft", false, false, List.of())));
        rows.add(
                old
                        ? new SvRow("sv-flag-misplaced", true, false, List.of())
                        : new SvRow("sv-two-nodes-one-key", true, true, List.of()));
        return rows;
    }

    static List<String> names(String release) {
        return Stream.of(
                        participants(release).stream().map(ParticipantRow::name),
                        svs(release).stream().map(SvRow::name),
                        UNGUARDED.stream())
                .flatMap(names -> names)
                .toList();
    }

    static String size() {
        var rows = Corpus.releases().stream()
                .mapToInt(release -> names(release).size())
                .sum();
        return rows + " rows in " + Corpus.releases().size() + " releases";
    }

    private static List<String> plus(List<String> findings, String more) {
        return plus(findings, List.of(more));
    }

    private static List<String> plus(List<String> findings, List<String> more) {
        return Stream.concat(findings.stream(), more.stream()).toList();
    }
}
