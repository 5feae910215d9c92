// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A namespace with a KMS participant that is there, and the questions that a {@link Load} asks about it. */
final class LoadedCluster {

    static final String NAMESPACE = "load";

    /** Answers of the guard. */
    static final String PASSES = "passes";

    static final String REFUSED = "refused";

    private static final String KMS =
            "canton.participants.participant.crypto { provider = kms, kms { type = driver, name = hsm } }";
    private static final String ENVELOPE =
            "canton.participants.participant.crypto.private-key-store.encryption.type = kms";

    private LoadedCluster() {}

    /** Makes the namespace and the participant. */
    static void fill(ControlPlane plane) throws IOException {
        plane.kubectl("create", "namespace", NAMESPACE).mustSucceed();
        var file = plane.write("stored.yaml", participant("participant", KMS));
        plane.kubectl("apply", "--server-side", "-f", file.toString()).mustSucceed();
    }

    private static String participant(String name, String config) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s, namespace: load}
                spec:
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec:
                      containers:
                      - name: participant
                        image: registry.example.com/canton-participant:0.7.3
                        env:
                        - {name: CANTON_PARTICIPANT_POSTGRES_SERVER, value: "%1$s-pg"}
                        - {name: CANTON_PARTICIPANT_POSTGRES_PORT, value: "5432"}
                        - {name: CANTON_PARTICIPANT_POSTGRES_DB, value: participant_0}
                        - {name: CANTON_PARTICIPANT_POSTGRES_SCHEMA, value: participant}
                        - {name: ADDITIONAL_CONFIG_KMS, value: "%2$s"}
                """.formatted(name, config);
    }

    /** A new participant, which passes with a word on what its SV will need. */
    static Load.Question created(Load.Outcome... others) {
        return question(
                "created", "another", participant("another", KMS), new Load.Outcome(PASSES, 201, "kms-guard"), others);
    }

    /** The participant that is there as it is, which passes. */
    static Load.Question unchanged(Load.Outcome... others) {
        return question(
                "unchanged", "participant", participant("participant", KMS), new Load.Outcome(PASSES, 200, ""), others);
    }

    /** The participant that is there without its KMS. */
    static Load.Question migrated(Load.Outcome... others) {
        return question(
                "migrated",
                "participant",
                participant("participant", ""),
                new Load.Outcome(REFUSED, 403, "takes the participant off its KMS"),
                others);
    }

    /** A new participant with a mistake that the policy can allow. */
    static Load.Question envelope(Load.Outcome... others) {
        return question(
                "envelope",
                "envelope",
                participant("envelope", ENVELOPE),
                new Load.Outcome(REFUSED, 403, "kms-mode"),
                others);
    }

    /** An SV app on the participant without the flag that it needs. */
    static Load.Question flagless(Load.Outcome... others) {
        return question("flagless", "sv-app", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: sv-app, namespace: load}
                spec:
                  selector: {matchLabels: {app: sv-app}}
                  template:
                    metadata: {labels: {app: sv-app}}
                    spec:
                      containers:
                      - name: sv-app
                        image: registry.example.com/sv-app:0.7.3
                        env:
                        - {name: SPLICE_APP_SV_PARTICIPANT_ADDRESS, value: participant}
                        - {name: SPLICE_APP_SV_COMETBFT_ENABLED, value: "true"}
                """, new Load.Outcome(REFUSED, 403, "governance-key-flag"), others);
    }

    /** What the guard is never asked about. */
    static Load.Question unguarded() {
        return question("unguarded", "web", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: load}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: web, image: "registry.example.com/web:1"}]}
                """, new Load.Outcome(PASSES, 201, ""));
    }

    private static Load.Question question(
            String name, String object, String yaml, Load.Outcome right, Load.Outcome... others) {
        var all = Stream.concat(Arrays.stream(others), Stream.of(right));
        return new Load.Question(name, NAMESPACE, object, yaml, all.toList());
    }

    static Load.Question[] all() {
        return new Load.Question[] {created(), unchanged(), migrated(), envelope(), flagless(), unguarded()};
    }

    /** How many calls of webhooks failed and were let pass because their failurePolicy is Ignore: no answer shows these. */
    static double ignoredFailures(ControlPlane plane) throws IOException {
        var sample = Pattern.compile("(?m)^apiserver_admission_webhook_fail_open_count\\{.*\\} (\\S+)$");
        return sample.matcher(plane.kubectl("get", "--raw", "/metrics").mustSucceed())
                .results()
                .mapToDouble(match -> Double.parseDouble(match.group(1)))
                .sum();
    }
}
