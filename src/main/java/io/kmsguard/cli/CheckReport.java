// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Manifest;
import io.kmsguard.admission.ManifestProblem;
import io.kmsguard.admission.ManifestSurroundings;
import io.kmsguard.injection.Completion;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.PolicyException;
import io.kmsguard.splice.ObjectRef;
import java.util.List;

/**
 * What came of a check.
 *
 * @param documents how many Kubernetes objects were read
 * @param results in the order of the input
 * @param unjudged what has to do with Splice and cannot be judged
 * @param errors what could not be judged
 * @param expired the exceptions of the policy that have ended and do nothing
 */
record CheckReport(
        int documents,
        List<Result> results,
        List<Unjudged> unjudged,
        List<ManifestProblem> errors,
        List<PolicyException> expired) {

    /**
     * One Deployment, StatefulSet or governance Secret.
     *
     * @param roles of its containers; empty for what is none of the guard's business, and for a Secret
     * @param operation what is done to it
     * @param judged whether there was anything to judge: the change may leave its pods as they are
     * @param judgement of the object as it would be after injection
     * @param completion what would be injected
     */
    record Result(
            Manifest manifest,
            ObjectRef ref,
            List<String> roles,
            Operation operation,
            boolean judged,
            Judgement judgement,
            Completion completion) {

        Decision decision() {
            return judgement.decision();
        }

        /** Whether the guard had anything to judge. */
        boolean isGuarded() {
            return !isWorkload() || !roles.isEmpty();
        }

        boolean isWorkload() {
            return ManifestSurroundings.isWorkload(manifest);
        }
    }

    /** How many results came out like that. */
    long count(Decision decision) {
        return results.stream().filter(result -> result.decision() == decision).count();
    }

    /** How many could not be judged for that reason. */
    long count(Unjudged.Reason reason) {
        return unjudged.stream().filter(object -> object.reason() == reason).count();
    }

    /** How many results are of Deployments and StatefulSets. */
    long workloads() {
        return results.stream().filter(Result::isWorkload).count();
    }

    /** The exit code, where that makes it {@link ExitCode#DENIED}. */
    int exitCode(FailOn failOn) {
        if (results.stream().map(Result::judgement).anyMatch(failOn::holds)
                || (failOn == FailOn.UNRENDERED && !unjudged.isEmpty())) {
            return ExitCode.DENIED;
        }
        return errors.isEmpty() ? ExitCode.FINE : ExitCode.TROUBLE;
    }
}
