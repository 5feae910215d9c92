// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.ChartValues;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.util.List;
import java.util.Optional;

/** The part of {@link KmsIdentityReuse} that looks at one database which a participant takes up. */
final class ReusedDatabase {

    private static final String LET_READ = "let the guard list Deployments and StatefulSets, and try again";
    private static final String TELL = "write its CANTON_PARTICIPANT_POSTGRES_ env vars as plain values, and ";
    private static final String UNTOLD =
            "the parts of a database that show as ? are not known (of a server, also where it is the pod itself)";

    private final Subject subject;
    private final Container container;
    private final ParticipantDatabase database;
    private final KmsState is;

    ReusedDatabase(Subject subject, Container container, ParticipantDatabase database) {
        this.subject = subject;
        this.container = container;
        this.database = database;
        this.is = KmsState.of(container);
    }

    Optional<Finding> find() {
        if (subject.facts().sightings() instanceof Lookup.Unknown<List<Sighting>> unknown) {
            var message = "whether its " + database.describe() + " was last seen with other keys could not be told: "
                    + unknown.why();
            return Optional.of(finding(message, LET_READ).on(Ground.UNKNOWN));
        }
        var others = subject.facts().sightings().toOptional().orElse(List.of()).stream()
                .filter(seen -> seen.mayBeOf(database, subject.ref().namespace()))
                .filter(seen -> !FirstSight.isRemembered(subject, seen))
                .filter(seen -> isHidden(seen) || !is.hasTheKeysOf(seen.state(), subject.drivers()))
                .toList();
        return others.stream()
                .filter(this::isProven)
                .findFirst()
                .map(this::reused)
                .or(() -> others.stream().findFirst().map(this::untold));
    }

    private boolean isProven(Sighting seen) {
        return !isHidden(seen) && seen.database().isTold() && database.isTold();
    }

    private boolean isHidden(Sighting seen) {
        return is.hidden().isPresent() || seen.state().hidden().isPresent();
    }

    private Finding reused(Sighting seen) {
        var message = "its " + database.describe() + ", holds the identity of " + last(seen)
                + "; this participant keeps its keys "
                + is.place(seen.state(), subject.drivers()) + ", where those are not, and the root key of a"
                + " participant can never be replaced";
        return finding(message, fix(seen));
    }

    private Finding untold(Sighting seen) {
        var message = "its " + database.describe() + ", may hold the identity of " + last(seen)
                + ", and whether this participant has those could not be told: "
                + is.hidden().or(seen.state()::hidden).orElse(UNTOLD);
        return finding(message, (database.isTold() ? "" : TELL) + fix(seen)).on(Ground.UNKNOWN);
    }

    private static String last(Sighting seen) {
        var keys = " its keys " + seen.state().place();
        return seen.workload()
                + seen.day()
                        .map(day -> ", which kept" + keys + " when last seen on " + day)
                        .orElse(", which keeps" + keys);
    }

    private String fix(Sighting seen) {
        var same = seen.state().isKms() ? "keep the kms values that the database was seen with" : "leave kms out";
        return same + ", or give the participant an empty database of its own ("
                + ChartValues.emptyDatabase(subject.workload().flatMap(Workload::chart))
                + "); where that database was dropped and made anew, "
                + (seen.day().isPresent()
                        ? "kms-guard identities forget says so to the guard"
                        : "except " + subject.ref().namespace() + "/"
                                + subject.ref().name() + " from this rule in the policy file");
    }

    private Finding finding(String message, String fix) {
        return KmsIdentityReuse.finding(container, database, message, fix);
    }
}
