// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The webhook configurations by which API servers know of the guard. */
public final class Registration {

    /** What the names of the guard's webhooks end in. */
    private static final String WEBHOOKS = ".kms-guard.io";

    private Registration() {}

    /** What came of removing one. */
    public sealed interface Removal {}

    /**
     * It is gone.
     *
     * @param what kind and name
     */
    public record Removed(String what) implements Removal {}

    /**
     * It was not there.
     *
     * @param what kind and name
     */
    public record NotThere(String what) implements Removal {}

    /**
     * It is still there, or nobody knows.
     *
     * @param why a clause
     */
    public record Kept(String why) implements Removal {}

    /**
     * Removes both webhook configurations of that name, the one that refuses first. One whose webhooks are not the guard's is
     * left alone.
     */
    public static List<Removal> remove(ClusterClient cluster, String name) {
        var v1 = cluster.client().admissionRegistration().v1();
        return List.of(
                remove(
                        "ValidatingWebhookConfiguration " + name,
                        v1.validatingWebhookConfigurations().withName(name),
                        CaBundles::validating),
                remove(
                        "MutatingWebhookConfiguration " + name,
                        v1.mutatingWebhookConfigurations().withName(name),
                        CaBundles::mutating));
    }

    private static <T extends HasMetadata> Removal remove(
            String what, Resource<T> resource, Function<T, Map<String, String>> webhooks) {
        var doing = "get " + what;
        try {
            var found = resource.get();
            if (found == null) {
                return new NotThere(what);
            }
            if (!webhooks.apply(found).keySet().stream().allMatch(webhook -> webhook.endsWith(WEBHOOKS))) {
                return new Kept(what + " is not the guard's: it has other webhooks");
            }
            doing = "delete " + what;
            return resource.delete().isEmpty() ? new NotThere(what) : new Removed(what);
        } catch (KubernetesClientException failure) {
            return new Kept(ApiTrouble.of(failure, doing));
        }
    }
}
