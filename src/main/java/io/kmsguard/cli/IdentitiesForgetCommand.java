// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.IdentityMemory;
import io.kmsguard.admission.RememberedDatabase;
import java.time.LocalDate;
import picocli.CommandLine.Command;

/** {@code kms-guard identities forget}: the database is gone. */
@Command(
        name = "forget",
        sortOptions = false,
        description =
                "Takes a database out of the memory, for one that was dropped. A participant with any keys may then"
                        + " use one of that name, and is remembered from then on.",
        footer = {"", "Exit codes: 0 written, 2 nothing was changed."})
final class IdentitiesForgetCommand extends IdentitiesChangeCommand {

    IdentitiesForgetCommand(Session session) {
        super(session);
    }

    @Override
    Plan plan(RememberedDatabase database) {
        return new Plan(
                true,
                "From then on nothing is known of this database, and a participant with any keys may use it. If it still"
                        + " holds an identity, that identity can be lost.");
    }

    @Override
    IdentityMemory apply(IdentityMemory memory, RememberedDatabase database, String who, LocalDate day) {
        return memory.forgetting(database, who, day);
    }
}
