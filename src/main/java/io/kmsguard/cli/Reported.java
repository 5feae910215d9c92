// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.AuditedObject.Source;
import io.kmsguard.admission.ManifestProblem;
import io.kmsguard.policy.Judgement;
import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.Optional;

/**
 * What the reports of a check and of an audit have in common, for the forms that tell of findings alike.
 *
 * @param command which of the two
 * @param entries the guarded objects, in order
 * @param unjudged what has to do with Splice and cannot be judged; in an audit that is a trouble
 * @param troubles what could not be judged or looked at
 */
record Reported(String command, List<Entry> entries, List<Trouble> unjudged, List<Trouble> troubles) {

    /**
     * One object.
     *
     * @param source where it stands in a file; empty in a cluster
     * @param notes what else is worth knowing, each a sentence without a period
     */
    record Entry(ObjectRef ref, Optional<Source> source, List<String> roles, Judgement judgement, List<String> notes) {

        /** The line of a value in its file; empty in a cluster. */
        Optional<Integer> line(String path) {
            return source.map(known -> known.lines().line(path));
        }

        /** Where a value stands, for a person: {@code sv.yaml:3}, or the object's own name. */
        String place(String path) {
            return source.map(known -> Places.of(known.file(), known.lines().line(path)))
                    .orElseGet(ref::toString);
        }

        /** What it is listed under: its file, or its namespace. */
        String group() {
            return source.map(known -> Places.name(known.file())).orElseGet(ref::namespace);
        }
    }

    /**
     * Something that could not be judged or looked at.
     *
     * @param file where it is; empty in a cluster
     * @param line counted from 1; 0 where the whole file is meant
     * @param what it is, for a person
     * @param why one sentence without a period
     */
    record Trouble(Optional<String> file, int line, String what, String why) {

        static Trouble of(ManifestProblem problem) {
            return new Trouble(
                    Optional.of(problem.file()),
                    problem.line(),
                    Places.of(problem.file(), problem.line()),
                    problem.message());
        }

        static Trouble of(Unjudged object) {
            return new Trouble(
                    Optional.of(object.manifest().file()),
                    object.manifest().line(),
                    Places.of(object.manifest().file(), object.manifest().line()),
                    object.ref() + " " + object.why());
        }

        static Trouble of(AuditReport.Gap gap) {
            return new Trouble(Optional.empty(), 0, gap.what(), gap.why());
        }
    }

    static Reported of(CheckReport report) {
        return new Reported(
                "check",
                report.results().stream()
                        .filter(CheckReport.Result::isGuarded)
                        .map(Reported::entry)
                        .toList(),
                report.unjudged().stream().map(Trouble::of).toList(),
                report.errors().stream().map(Trouble::of).toList());
    }

    static Entry entry(CheckReport.Result result) {
        return new Entry(
                result.ref(),
                Optional.of(
                        new Source(result.manifest().file(), result.manifest().lines())),
                result.roles(),
                result.judgement(),
                Sentences.injections(result.completion()));
    }

    static Reported of(AuditReport report) {
        return new Reported(
                "audit",
                report.objects().stream()
                        .map(object -> new Entry(
                                object.ref(),
                                object.source(),
                                object.roles().stream().map(role -> role.id()).toList(),
                                object.judgement(),
                                List.of()))
                        .toList(),
                List.of(),
                report.gaps().stream().map(Trouble::of).toList());
    }
}
