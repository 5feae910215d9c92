// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.policy.Finding;
import io.kmsguard.splice.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells a defect from others: the same for the same defect of the same object, wherever in whichever file it stands. */
final class FindingFingerprint {

    private FindingFingerprint() {}

    /** SHA-256 in hexadecimal. */
    static String of(ObjectRef ref, Finding finding) {
        var identity = String.join("\n", finding.rule().id(), ref.kind(), ref.namespace(), ref.name(), finding.key());
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
