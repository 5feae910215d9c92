// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Optional;

/**
 * How HOCON points an SV app at its participant ({@code canton.sv-apps.<app>.participant-client}). What is not set there the image's
 * {@code app.conf} takes from the env var.
 *
 * @param admin the address of the admin API
 * @param ledger the address of the ledger API
 */
record ParticipantClient(Optional<String> admin, Optional<String> ledger) {

    boolean isEmpty() {
        return admin.isEmpty() && ledger.isEmpty();
    }

    /** Either address. */
    Optional<String> any() {
        return admin.or(() -> ledger);
    }
}
