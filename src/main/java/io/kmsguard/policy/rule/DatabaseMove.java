// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.ChartValues;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.Novelty;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Releases;
import io.kmsguard.splice.Workload;
import java.util.List;
import java.util.Optional;

/** The part of {@link ParticipantDatabaseChange} that compares the databases of one container before and after. */
final class DatabaseMove {

    private final Subject subject;
    private final Container old;
    private final Container container;
    private final List<ParticipantDatabase> before;
    private final List<ParticipantDatabase> after;

    DatabaseMove(Subject subject, Container old, Container container) {
        this.subject = subject;
        this.old = old;
        this.container = container;
        var namespace = subject.ref().namespace();
        this.before = ParticipantDatabase.of(old, namespace);
        this.after = ParticipantDatabase.of(container, namespace);
    }

    /** What comes first of: another database, one that cannot be told, another server. */
    Optional<Finding> find() {
        var left = before.stream()
                .filter(was -> after.stream().noneMatch(is -> hasNameOf(is, was) && isAtServerOf(is, was)))
                .toList();
        return left.stream()
                .filter(was -> after.stream().noneMatch(is -> is.mayHaveNameOf(was)))
                .findFirst()
                .map(was -> switched(was, successor()))
                .or(() -> left.stream()
                        .filter(was -> after.stream().noneMatch(is -> hasNameOf(is, was)))
                        .findFirst()
                        .map(was -> untold(was, successor())))
                .or(() -> left.stream().findFirst().map(was -> moved(was, successor())));
    }

    /** The first that was not there before, else the first. */
    private ParticipantDatabase successor() {
        return after.stream().filter(is -> !before.contains(is)).findFirst().orElse(after.get(0));
    }

    private boolean hasNameOf(ParticipantDatabase is, ParticipantDatabase was) {
        return isSame(is.name(), was.name()) && isSame(is.schema(), was.schema());
    }

    /** What cannot be read is the same where it comes from the same source. */
    private boolean isSame(Optional<String> is, Optional<String> was) {
        return is.equals(was) && (is.isPresent() || ParticipantDatabase.hasNameFromSameSource(old, container));
    }

    /** A server that neither side tells is the pod's own address: the same proxy, or one that is not the database's. */
    private boolean isAtServerOf(ParticipantDatabase is, ParticipantDatabase was) {
        var isSame = was.server().equals(is.server())
                || (was.server().isPresent()
                        && is.server().isPresent()
                        && subject.facts()
                                .isOneServer(was.server().get(), is.server().get()));
        return isSame && was.port().equals(is.port());
    }

    private Finding switched(ParticipantDatabase was, ParticipantDatabase is) {
        var message = "this update changes the database from " + name(was) + " to " + name(is)
                + ". The identity of the participant is in its database: on another one it starts with a new identity that"
                + " its apps cannot use, or from "
                + Releases.since(Novelty.DATABASE_CONFLICT_CHECK)
                + " on not at all (pg-init refuses a second participant database)";
        return ParticipantDatabaseChange.finding(
                container,
                Ground.SEEN,
                message,
                "keep persistence.databaseName and persistence.schema of " + chart()
                        + "; to use a database that was restored under another name, add an exception for "
                        + subject.ref().namespace() + "/" + subject.ref().name()
                        + " from this rule to the policy file");
    }

    private Finding untold(ParticipantDatabase was, ParticipantDatabase is) {
        return ParticipantDatabaseChange.finding(
                container,
                Ground.UNKNOWN,
                "whether the participant keeps its database cannot be determined: it was " + name(was) + " and is "
                        + name(is) + ", where ? could not be read",
                "write its CANTON_PARTICIPANT_POSTGRES_ env vars as plain values, or let the guard read what they refer"
                        + " to (readableSecrets)");
    }

    private Finding moved(ParticipantDatabase was, ParticipantDatabase is) {
        var message = "this update changes the database server from " + was.address() + " to " + is.address()
                + "; the participant keeps its identity only if its data is there";
        return ParticipantDatabaseChange.finding(
                        container,
                        Ground.SEEN,
                        message,
                        "restore the database on the new server before the pod starts, or keep persistence.host and"
                                + " persistence.port of " + chart())
                .as(RuleClass.ADVISABLE);
    }

    private static String name(ParticipantDatabase database) {
        return database.name().orElse("?") + ", schema " + database.schema().orElse("?");
    }

    private String chart() {
        return ChartValues.chart("splice-participant", subject.workload().flatMap(Workload::chart));
    }
}
