// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Change;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Judge;
import io.kmsguard.admission.Manifest;
import io.kmsguard.admission.ManifestProblem;
import io.kmsguard.admission.ManifestReader.Reading;
import io.kmsguard.admission.ManifestSurroundings;
import io.kmsguard.admission.Patches;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.admission.Verdict;
import io.kmsguard.injection.Completion;
import io.kmsguard.injection.Injections;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.PolicyException;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.WorkloadReader;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Judges manifests as if they were applied through the webhook: completed first, and then judged as they would be. All of
 * them are one world, over what was there before.
 */
final class Checker {

    private final SecretNames names;
    private final List<PolicyException> expired;
    private final Judge judge;
    private final Reading now;
    private final Before before;
    private final String defaultNamespace;
    private final Before.World world;
    private final Set<ObjectRef> sources;

    private Checker(Reading now, Before before, String defaultNamespace, PolicyFile policy) {
        this.names = policy.secrets();
        this.expired = policy.expired(LocalDate.now(ZoneOffset.UTC));
        this.judge = policy.judge(Rules.all(), Injections.all());
        this.now = now;
        this.before = before;
        this.defaultNamespace = defaultNamespace;
        this.world = before.with(now.manifests());
        this.sources = sources();
    }

    /** The ConfigMaps and Secrets that are given, and from which workloads take configuration. */
    private Set<ObjectRef> sources() {
        var given = now.manifests().stream()
                .filter(manifest -> manifest.apiVersion().equals("v1")
                        && (manifest.kind().equals("ConfigMap")
                                || manifest.kind().equals("Secret")))
                .map(manifest -> manifest.ref(defaultNamespace))
                .collect(Collectors.toSet());
        return given.isEmpty() ? Set.of() : judge.sources(given, world.surroundings(), Deadline.none());
    }

    /**
     * Judges what is in the input.
     *
     * @param before the state before
     * @param progress told of each object that was judged
     */
    static CheckReport check(
            Reading now, Before before, String defaultNamespace, PolicyFile policy, Runnable progress) {
        return look(now, before, defaultNamespace, policy, progress).report();
    }

    /**
     * What came of a check.
     *
     * @param world in which the objects were judged: as they are once completed and applied
     */
    record Checked(CheckReport report, Surroundings world) {}

    /** As {@link #check}, with the world of the judgement. */
    static Checked look(Reading now, Before before, String defaultNamespace, PolicyFile policy, Runnable progress) {
        return new Checker(now, before, defaultNamespace, policy).look(progress);
    }

    /** One of the two is there. */
    private record Outcome<T>(Optional<T> value, Optional<ManifestProblem> problem) {}

    /** A manifest on its way, and what it lacked. */
    private record Completed(Manifest manifest, JsonNode object, Completion completion) {}

    private Checked look(Runnable progress) {
        var errors = new ArrayList<ManifestProblem>();
        errors.addAll(before.problems());
        errors.addAll(now.problems());
        errors.addAll(world.problems());
        var completed =
                collect(now.manifests().parallelStream().filter(this::isJudged).map(this::complete), errors);
        // What is applied later meets what was completed before.
        var applied = applied(completed);
        var results = collect(
                completed.parallelStream().map(object -> {
                    var outcome = judge(object, applied);
                    progress.run();
                    return outcome;
                }),
                errors);
        var unjudged = Unjudged.of(now.manifests(), defaultNamespace);
        return new Checked(
                new CheckReport(now.manifests().size(), results, unjudged, inOrder(errors), expired), applied);
    }

    /** File by file as they first appear, and by line. */
    private static List<ManifestProblem> inOrder(List<ManifestProblem> errors) {
        var files = errors.stream().map(ManifestProblem::file).distinct().toList();
        return errors.stream()
                .sorted(Comparator.comparing((ManifestProblem error) -> files.indexOf(error.file()))
                        .thenComparing(ManifestProblem::line))
                .toList();
    }

    private static <T> List<T> collect(Stream<Outcome<T>> outcomes, List<ManifestProblem> errors) {
        var all = outcomes.toList();
        all.forEach(outcome -> outcome.problem().ifPresent(errors::add));
        return all.stream().flatMap(outcome -> outcome.value().stream()).toList();
    }

    private Surroundings applied(List<Completed> completed) {
        var objects = new IdentityHashMap<Manifest, JsonNode>();
        completed.stream()
                .filter(object -> !object.completion().operations().isEmpty())
                .forEach(object -> objects.put(object.manifest(), object.object()));
        if (objects.isEmpty()) {
            return world.surroundings();
        }
        var manifests = now.manifests().stream()
                .map(manifest -> objects.containsKey(manifest) ? manifest.with(objects.get(manifest)) : manifest)
                .toList();
        return before.with(manifests).surroundings();
    }

    private boolean isJudged(Manifest manifest) {
        return ManifestSurroundings.isWorkload(manifest)
                || (manifest.kind().equals("Secret")
                        && manifest.apiVersion().equals("v1")
                        && manifest.ref(defaultNamespace).name().equals(names.governance()))
                || sources.contains(manifest.ref(defaultNamespace));
    }

    private Outcome<Completed> complete(Manifest manifest) {
        var ref = manifest.ref(defaultNamespace);
        if (before.object(ref) instanceof Lookup.Unknown<JsonNode> unknown) {
            return problem(manifest, "", "cannot be judged, since " + unknown.why());
        }
        var verdict = judge.complete(change(manifest, manifest.object()), world.surroundings(), Deadline.none());
        if (verdict instanceof Verdict.Malformed malformed) {
            return malformed(manifest, malformed);
        }
        var completion = verdict instanceof Verdict.Completed done ? done.completion() : Completion.NONE;
        var object = completion.operations().isEmpty()
                ? manifest.object()
                : Patches.apply(manifest.object(), completion.operations());
        return new Outcome<>(Optional.of(new Completed(manifest, object, completion)), Optional.empty());
    }

    private Outcome<CheckReport.Result> judge(Completed completed, Surroundings applied) {
        var manifest = completed.manifest();
        var change = change(manifest, completed.object());
        var verdict = judge.validate(change, applied, Deadline.none());
        if (verdict instanceof Verdict.Malformed malformed) {
            return malformed(manifest, malformed);
        }
        var judgement = verdict instanceof Verdict.Validated validated ? validated.judgement() : Judgement.CLEAN;
        var ref = manifest.ref(defaultNamespace);
        return new Outcome<>(
                Optional.of(new CheckReport.Result(
                        manifest,
                        ref,
                        roles(manifest),
                        change.operation(),
                        verdict instanceof Verdict.Validated,
                        judgement,
                        completed.completion())),
                Optional.empty());
    }

    private Change change(Manifest manifest, JsonNode object) {
        var ref = manifest.ref(defaultNamespace);
        var earlier = manifest.before().or(() -> before.object(ref).toOptional());
        var operation = manifest.operation() == Operation.CREATE && earlier.isPresent()
                ? Operation.UPDATE
                : manifest.operation();
        return new Change(
                operation,
                ref.kind(),
                ref.namespace(),
                object,
                earlier.filter(any -> operation == Operation.UPDATE),
                before.isPartial());
    }

    private <T> Outcome<T> malformed(Manifest manifest, Verdict.Malformed malformed) {
        return problem(manifest, malformed.path(), malformed.path() + " " + malformed.reason());
    }

    private <T> Outcome<T> problem(Manifest manifest, String path, String what) {
        var message = manifest.ref(defaultNamespace) + ": " + what;
        return new Outcome<>(
                Optional.empty(),
                Optional.of(
                        new ManifestProblem(manifest.file(), manifest.lines().line(path), message)));
    }

    private List<String> roles(Manifest manifest) {
        if (!ManifestSurroundings.isWorkload(manifest)) {
            return List.of();
        }
        var reading = WorkloadReader.read(
                manifest.object(), manifest.ref(defaultNamespace).namespace());
        return reading instanceof WorkloadReader.Reading.Read read
                ? read.workload().roles().stream().map(Role::id).toList()
                : List.of();
    }
}
