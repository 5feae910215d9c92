// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kms-guard identities list}: what is remembered. */
@Command(
        name = "list",
        sortOptions = false,
        description =
                "Shows each database that a participant was seen on: the keys it was first seen with, what differs"
                        + " since, and what a person has settled.",
        footer = {
            "",
            "Exit codes: 0 nothing differs, 1 there is a conflict, 2 bad input, or a cluster that cannot be asked."
        })
final class IdentitiesListCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final IdentitiesTarget target = new IdentitiesTarget();

    IdentitiesListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var problems = new ArrayList<String>();
        var memory = target.read(session.env(), problems);
        if (memory.isEmpty()) {
            return session.trouble(problems);
        }
        var out = session.out();
        var databases = memory.get().databases();
        var conflicts = databases.stream()
                .filter(database -> database.conflict().isPresent())
                .count();
        for (var database : databases) {
            IdentityLines.of(database).forEach(out::println);
        }
        for (var database : memory.get().forgotten()) {
            out.println(IdentityLines.of(database));
        }
        out.println(TextFindings.counted(databases.size(), "database") + ", "
                + TextFindings.counted(conflicts, "conflict") + ".");
        return conflicts == 0 ? ExitCode.FINE : ExitCode.DENIED;
    }
}
