// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.IdentityMemory;
import io.kmsguard.admission.RememberedDatabase;
import java.time.LocalDate;
import picocli.CommandLine.Command;

/** {@code kms-guard identities accept}: what was seen later is right. */
@Command(
        name = "accept",
        sortOptions = false,
        description = "Settles a conflict for what was seen later: the database was dropped and made anew, or what was"
                + " first seen was wrong. The entry keeps who said so, when, and what was remembered before.",
        footer = {"", "Exit codes: 0 written, 2 nothing was changed."})
final class IdentitiesAcceptCommand extends IdentitiesChangeCommand {

    IdentitiesAcceptCommand(Session session) {
        super(session);
    }

    @Override
    Plan plan(RememberedDatabase database) {
        return database.conflict()
                .map(other -> new Plan(
                        true,
                        "From then on, only a participant that keeps its keys "
                                + other.state().place()
                                + " may use this database. If the database still holds the identity that was first seen,"
                                + " that identity is lost with the next start."))
                .orElseGet(() -> new Plan(
                        false,
                        "There is no conflict to settle. kms-guard identities forget takes the entry out, once the"
                                + " database was dropped."));
    }

    @Override
    IdentityMemory apply(IdentityMemory memory, RememberedDatabase database, String who, LocalDate day) {
        return memory.accepting(database, who, day);
    }
}
