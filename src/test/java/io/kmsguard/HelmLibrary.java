// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import org.junit.jupiter.api.Assumptions;

/** Helm as a library of native code, which is not there for every machine. */
final class HelmLibrary {

    private HelmLibrary() {}

    /** Skips the calling test class, and says so, where the library does not load. */
    static void mustLoadFor(Class<?> test) {
        try {
            assertThat(Helm.version().call()).isNotEmpty();
        } catch (LinkageError | RuntimeException absent) {
            var reason = "Helm's library does not load on " + System.getProperty("os.name") + " "
                    + System.getProperty("os.arch");
            System.out.println("SKIPPED: " + test.getSimpleName() + ": " + reason);
            Assumptions.abort(reason);
        }
    }
}
