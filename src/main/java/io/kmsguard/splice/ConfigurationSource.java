// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

/**
 * A ConfigMap or Secret from which workloads take configuration: by {@code valueFrom}, {@code envFrom} or a file mounted over the
 * image's own. It changes without any change of the workload, and counts at the pod's next start.
 */
public record ConfigurationSource(ObjectRef ref) implements GuardedObject {}
