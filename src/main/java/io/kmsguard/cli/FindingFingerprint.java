// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.policy.Finding;
import io.kmsguard.splice.Digests;
import io.kmsguard.splice.ObjectRef;

/** Tells a defect from others: the same for the same defect of the same object, wherever in whichever file it stands. */
final class FindingFingerprint {

    private FindingFingerprint() {}

    /** SHA-256 in hexadecimal. */
    static String of(ObjectRef ref, Finding finding) {
        return Digests.of(
                String.join("\n", finding.rule().id(), ref.kind(), ref.namespace(), ref.name(), finding.key()));
    }
}
