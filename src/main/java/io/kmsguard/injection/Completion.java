// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import java.util.List;

/**
 * What a workload lacks and gets.
 *
 * @param operations the patch; empty where nothing is missing
 * @param notes what an operator should read about it; without a period
 */
public record Completion(List<PatchOperation> operations, List<String> notes) {

    /** Nothing is missing. */
    public static final Completion NONE = new Completion(List.of(), List.of());
}
