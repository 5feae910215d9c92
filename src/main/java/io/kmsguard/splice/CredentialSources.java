// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a participant takes the credentials of its KMS from, as the manifest wires it (the sample values of
 * splice-participant; the providers' client libraries).
 *
 * @param provider for messages
 * @param annotation the annotation of a ServiceAccount that gives the pod an identity instead
 * @param ambient whether the environment names another source of an identity
 * @param refs the Secrets that are referred to
 * @param dangling what is referred to and can be in no Secret, as a clause
 */
public record CredentialSources(
        String provider, String annotation, boolean ambient, List<Ref> refs, Optional<String> dangling) {

    /** The annotation that binds a ServiceAccount to an identity on GKE (Workload Identity). */
    public static final String WORKLOAD_IDENTITY = "iam.gke.io/gcp-service-account";

    /** The annotation that binds a ServiceAccount to a role on EKS (IRSA). */
    public static final String IRSA = "eks.amazonaws.com/role-arn";

    /** The env vars from which the AWS client takes an identity that is no pair of keys. */
    public static final List<String> AWS_AMBIENT = List.of(
            "AWS_ROLE_ARN",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_PROFILE",
            "AWS_SHARED_CREDENTIALS_FILE");

    private static final String GOOGLE = "GOOGLE_APPLICATION_CREDENTIALS";
    private static final List<String> AWS = List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    /**
     * One Secret that is referred to.
     *
     * @param user what refers to it, for messages
     * @param key the key that must be in it; empty where any will do
     */
    public record Ref(String user, String secret, String key) {}

    /** Whether nothing is wired at all. */
    public boolean isEmpty() {
        return !ambient && refs.isEmpty() && dangling.isEmpty();
    }

    /** Whether one of the two env vars of an AWS access key is there without the other. */
    public boolean isHalf() {
        return annotation.equals(IRSA) && refs.size() == 1;
    }

    /** Of a KMS whose credentials are known to come that way; empty for a driver, which brings its own. */
    public static Optional<CredentialSources> of(KmsConfig kms, Workload workload, Container container) {
        if (kms instanceof KmsConfig.Gcp) {
            return Optional.of(google(workload, container));
        }
        return kms instanceof KmsConfig.Aws ? Optional.of(aws(container)) : Optional.empty();
    }

    private static CredentialSources google(Workload workload, Container container) {
        var file = container.env(GOOGLE).flatMap(variable -> variable.value().text());
        if (file.isEmpty()) {
            var elsewhere = container.env(GOOGLE).isPresent();
            return new CredentialSources("Google Cloud KMS", WORKLOAD_IDENTITY, elsewhere, List.of(), Optional.empty());
        }
        var mount = container.mountOf(file.get());
        if (mount.isEmpty()) {
            return new CredentialSources(
                    "Google Cloud KMS",
                    WORKLOAD_IDENTITY,
                    false,
                    List.of(),
                    Optional.of("env " + GOOGLE + " names " + file.get() + ", where nothing is mounted"));
        }
        var secret = workload.volumes().getOrDefault(mount.get().volume(), Optional.empty());
        var below = file.get().substring(mount.get().path().length());
        var key = below.isEmpty() ? mount.get().subPath() : below.substring(1);
        var refs = secret.map(
                        name -> List.of(new Ref("the mount at " + mount.get().path(), name, key)))
                .orElse(List.of());
        // Another kind of volume may be filled by whoever provides it.
        return new CredentialSources("Google Cloud KMS", WORKLOAD_IDENTITY, secret.isEmpty(), refs, Optional.empty());
    }

    private static CredentialSources aws(Container container) {
        var refs = new ArrayList<Ref>();
        var ambient = AWS_AMBIENT.stream().anyMatch(name -> container.env(name).isPresent());
        for (var name : AWS) {
            var value = container.env(name).map(variable -> variable.value());
            ambient |= value.isPresent() && !(value.get() instanceof EnvValue.SecretKey);
            if (value.isPresent() && value.get() instanceof EnvValue.SecretKey key && !key.optional()) {
                refs.add(new Ref("env " + name, key.secret(), key.key()));
            }
        }
        return new CredentialSources("AWS KMS", IRSA, ambient, refs, Optional.empty());
    }
}
