// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import io.kmsguard.policy.Subject;
import io.kmsguard.splice.ChartValues;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.CredentialSources;
import io.kmsguard.splice.KmsConfig;
import java.util.List;

/**
 * The credentials of a participant on AWS KMS, as the sample values of splice-participant wire them: both env vars from
 * Secret {@code aws-credentials}. Not where the pod has an identity of its own (IRSA, EKS Pod Identity, a profile).
 */
final class AwsCredentials implements Injection {

    private static final String ID = CredentialSources.AWS_ID;
    private static final String SECRET = CredentialSources.AWS_SECRET;

    @Override
    public String id() {
        return "aws-credentials";
    }

    @Override
    public Proposal propose(Subject subject, Container container) {
        var names = subject.names();
        var id = container.env(ID).isPresent();
        var secret = container.env(SECRET).isPresent();
        if (!Credentials.isOn(KmsConfig.Aws.class, container)
                || (id && secret)
                || CredentialSources.AWS_AMBIENT.stream()
                        .anyMatch(name -> container.env(name).isPresent())) {
            return Proposal.NONE;
        }
        var refrain = Credentials.refrain(
                subject, CredentialSources.IRSA, names.aws(), names.awsAccessKeyId(), names.awsSecretAccessKey());
        if (refrain.isPresent()) {
            return refrain.get();
        }
        if (id || secret) {
            // The other half may belong to another pair.
            return Proposal.refrain("no credentials injected: container " + container.name() + " has env "
                    + (id ? ID : SECRET) + " without " + (id ? SECRET : ID) + "; set both, from one Secret");
        }
        return new Proposal(
                List.of(
                        Addition.Env.fromSecret(container.path(), ID, names.aws(), names.awsAccessKeyId()),
                        Addition.Env.fromSecret(container.path(), SECRET, names.aws(), names.awsSecretAccessKey())),
                List.of("injected env " + ID + " and " + SECRET + " from Secret " + names.aws()
                        + "; set " + ChartValues.ENV + " in the values of "
                        + ChartValues.chart(
                                "splice-participant",
                                subject.workload().orElseThrow().chart())
                        + " to make this unnecessary"));
    }
}
