// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import io.kmsguard.policy.Subject;
import io.kmsguard.splice.ChartValues;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.CredentialSources;
import io.kmsguard.splice.KmsConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The credentials of a participant on Google Cloud KMS, as the sample values of splice-participant wire them: a file
 * from Secret {@code gke-credentials}, and the env var that names it. Not where the ServiceAccount is bound to an
 * identity (Workload Identity on GKE).
 */
final class GcpCredentials implements Injection {

    private static final String ENV = CredentialSources.GOOGLE;
    private static final String FILE = "/app/gcp-credentials.json";
    private static final String VOLUME = "gcp-credentials";

    @Override
    public String id() {
        return "gcp-credentials";
    }

    @Override
    public Proposal propose(Subject subject, Container container) {
        var names = subject.names();
        if (!Credentials.isOn(KmsConfig.Gcp.class, container)
                || container.env(ENV).isPresent()) {
            return Proposal.NONE;
        }
        var refrain = Credentials.refrain(subject, CredentialSources.WORKLOAD_IDENTITY, names.gcp(), names.gcpKey());
        if (refrain.isPresent()) {
            return refrain.get();
        }
        var mounted = container.mountOf(FILE).isPresent();
        if (!mounted && subject.workload().orElseThrow().volumes().containsKey(VOLUME)) {
            return Proposal.refrain("no credentials injected: the pod has a volume " + VOLUME
                    + " of its own; mount it in container " + container.name() + " at " + FILE + " and set env " + ENV);
        }
        var additions = new ArrayList<Addition>();
        additions.add(Addition.Env.value(container.path(), ENV, FILE));
        if (!mounted) {
            additions.add(new Addition.Volume(Map.of("name", VOLUME, "secret", Map.of("secretName", names.gcp()))));
            additions.add(new Addition.Mount(
                    container.path(), Map.of("name", VOLUME, "mountPath", FILE, "subPath", names.gcpKey())));
        }
        return new Proposal(
                additions,
                List.of("injected env " + ENV + (mounted ? "" : ", volume and mount " + VOLUME) + " from Secret "
                        + names.gcp() + "; set " + ChartValues.ENV
                        + (mounted ? "" : ", " + ChartValues.VOLUMES + " and " + ChartValues.MOUNTS)
                        + " in the values of "
                        + ChartValues.chart(
                                "splice-participant",
                                subject.workload().orElseThrow().chart())
                        + " to make this unnecessary"));
    }
}
