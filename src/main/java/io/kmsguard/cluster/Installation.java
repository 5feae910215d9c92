// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

/**
 * One installation of the guard in a cluster, and how it calls its objects; the chart calls them the same.
 *
 * @param namespace of all that has one
 * @param name of the Service, the Lease and both webhook configurations, and the beginning of the others' names
 */
public record Installation(String namespace, String name) {

    /** The webhook that reviews workloads, as both the chart and the API server call it. */
    public static final String WORKLOADS = "workloads.kms-guard.io";

    /** The Secret with certificates, where they are the guard's own. */
    public String certificates() {
        return name + "-certificates";
    }

    /** The ConfigMap with the policy. */
    public String policy() {
        return name + "-policy";
    }

    /** The ConfigMap of what was seen under which KMS identity. */
    public String identities() {
        return name + "-identities";
    }

    /** The ConfigMap with a copy of that, which no chart owns. */
    public String identitiesCopy() {
        return name + "-identities-copy";
    }

    /** The name by which the API server calls the Service, and which the certificate must have. */
    public String serverName() {
        return name + "." + namespace + ".svc";
    }

    /** For people. */
    @Override
    public String toString() {
        return "installation " + namespace + "/" + name;
    }
}
