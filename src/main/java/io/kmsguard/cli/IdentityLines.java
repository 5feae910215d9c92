// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.ForgottenDatabase;
import io.kmsguard.admission.RememberedDatabase;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.ParticipantDatabase;
import java.util.ArrayList;
import java.util.List;

/** What is remembered of a database, as a person reads it. */
final class IdentityLines {

    private IdentityLines() {}

    /** How a command line names it: {@code participant-pg.sv:5432/participant_0/participant}. */
    static String name(RememberedDatabase database) {
        var first = database.first();
        return name(
                first.database(),
                first.database().isTold() ? "" : first.workload().namespace());
    }

    private static String name(ParticipantDatabase database, String namespace) {
        return (namespace.isEmpty() ? "" : namespace + "/") + database.address() + "/"
                + database.name().orElse("?") + "/" + database.schema().orElse("?");
    }

    /** Its name, and a line for each thing that is known of it. */
    static List<String> of(RememberedDatabase database) {
        var lines = new ArrayList<String>();
        lines.add(name(database));
        lines.add(
                "  first seen: " + keys(database.first().state()) + " (" + seen(database.first(), "last so on ") + ")");
        database.conflict()
                .ifPresent(
                        other -> lines.add("  CONFLICT: " + keys(other.state()) + " (" + seen(other, "since ") + ")"));
        database.settled()
                .forEach(settled -> lines.add("  settled on " + settled.day() + " by " + Printable.of(settled.by())
                        + ": before, " + keys(settled.was())));
        return lines;
    }

    /** One that a person has taken out. */
    static String of(ForgottenDatabase database) {
        return name(database.database(), database.namespace()) + "\n  forgotten on " + database.day() + " by "
                + Printable.of(database.by());
    }

    private static String keys(KmsState state) {
        return state.isKms() ? state.describe() : "no KMS";
    }

    private static String seen(Sighting seen, String words) {
        return seen.workload() + seen.day().map(day -> ", " + words + day).orElse("");
    }
}
