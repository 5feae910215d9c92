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
 * @param dangling what is wired by half: a file that no Secret fills, one env var of a pair; as a clause
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

    /** The env var that names the file from which Google's client takes credentials. */
    public static final String GOOGLE = "GOOGLE_APPLICATION_CREDENTIALS";

    /** The env var with the id of an AWS access key. */
    public static final String AWS_ID = "AWS_ACCESS_KEY_ID";

    /** The env var with the secret of an AWS access key. */
    public static final String AWS_SECRET = "AWS_SECRET_ACCESS_KEY";

    private static final List<String> AWS = List.of(AWS_ID, AWS_SECRET);

    /**
     * One Secret that is referred to.
     *
     * @param user what refers to it, for messages: an env var or a mount
     * @param key the key that must be in it; empty where any will do
     * @param optional whether the pod starts without it
     */
    public record Ref(String user, String secret, String key, boolean optional) {

        /** What makes {@code kubectl create secret generic} put the key into it; a file has no line break to spare. */
        public String argument() {
            return user.startsWith("env ") ? "--from-literal=" + key + "=…" : "--from-file=" + key + "=FILE";
        }
    }

    /** Whether nothing is wired at all. */
    public boolean isEmpty() {
        return !ambient && refs.isEmpty() && dangling.isEmpty();
    }

    /** Whether one of the two env vars of an AWS access key is there without the other. */
    public boolean isHalf() {
        return annotation.equals(IRSA) && dangling.isPresent();
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
        // Google's client takes an empty name for none.
        if (file.filter(name -> !name.isEmpty()).isEmpty()) {
            var elsewhere = file.isEmpty() && container.env(GOOGLE).isPresent();
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
                        name -> List.of(new Ref("the mount at " + mount.get().path(), name, key, false)))
                .orElse(List.of());
        // Another kind of volume may be filled by whoever provides it.
        return new CredentialSources("Google Cloud KMS", WORKLOAD_IDENTITY, secret.isEmpty(), refs, Optional.empty());
    }

    private static CredentialSources aws(Container container) {
        var refs = new ArrayList<Ref>();
        var identity = AWS_AMBIENT.stream().anyMatch(name -> container.env(name).isPresent());
        var plain = false;
        var absent = new ArrayList<String>();
        for (var name : AWS) {
            var value = container.env(name).map(EnvVar::value);
            if (value.isEmpty()) {
                absent.add(name);
            } else if (value.get() instanceof EnvValue.SecretKey key) {
                refs.add(new Ref("env " + name, key.secret(), key.key(), key.optional()));
            } else {
                plain = true;
            }
        }
        var half = absent.size() == 1 && !identity
                ? Optional.of("env " + AWS.get(1 - AWS.indexOf(absent.get(0))) + " is set without " + absent.get(0))
                : Optional.<String>empty();
        return new CredentialSources("AWS KMS", IRSA, identity || plain, refs, half);
    }
}
