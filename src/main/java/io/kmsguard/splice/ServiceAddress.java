// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the DNS names that lead to a Service: {@code name}, {@code name.namespace}, {@code name.namespace.svc} and
 * {@code name.namespace.svc.<cluster domain>}, in any case, with or without a dot at the end (Kubernetes' DNS
 * specification).
 */
public final class ServiceAddress {

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private ServiceAddress() {}

    /**
     * The Service that an address names; empty for an IP address or a name outside the cluster.
     *
     * @param namespace the namespace of the pod that uses the address
     */
    public static Optional<ObjectRef> service(String address, String namespace) {
        var host = address.strip().toLowerCase(Locale.ROOT);
        host = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        var parts = Arrays.asList(host.split("\\.", -1));
        if (parts.stream().anyMatch(part -> !KubernetesNames.isLabel(part))
                || parts.stream().allMatch(part -> NUMBER.matcher(part).matches())) {
            return Optional.empty();
        }
        if (parts.size() == 1) {
            return Optional.of(new ObjectRef("Service", namespace, parts.get(0)));
        }
        if (parts.size() == 2 || parts.get(2).equals("svc")) {
            return Optional.of(new ObjectRef("Service", parts.get(1), parts.get(0)));
        }
        return Optional.empty();
    }
}
