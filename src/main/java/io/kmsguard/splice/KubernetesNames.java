// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.regex.Pattern;

/**
 * What Kubernetes takes for a name (RFC 1123; Kubernetes documentation, "Object Names and IDs"). None of these characters means
 * anything in a path.
 */
public final class KubernetesNames {

    private static final int LONGEST = 253;
    private static final String PART = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern SUBDOMAIN = Pattern.compile(PART + "(\\." + PART + ")*");

    private KubernetesNames() {}

    /** Whether it is a label of DNS, which a namespace and a Service must be called by. */
    public static boolean isLabel(String text) {
        return LABEL.matcher(text).matches();
    }

    /** Whether it is a subdomain of DNS, which most objects must be called by. */
    public static boolean isSubdomain(String text) {
        return text.length() <= LONGEST && SUBDOMAIN.matcher(text).matches();
    }
}
