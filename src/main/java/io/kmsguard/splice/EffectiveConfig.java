// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The whole configuration that the env vars of one container give to Canton, for people to look at: what later texts
 * overwrite is gone, substitutions are made, and what is or may be secret is not shown.
 *
 * @param entries by path; empty where Canton cannot read it
 * @param unreadable why Canton cannot read it, as a sentence without a period
 * @param misread what Canton reads otherwise than it was meant, each as a sentence without a period
 * @param unseen what belongs to it and was not seen, each as a clause
 */
public record EffectiveConfig(
        List<Entry> entries, Optional<String> unreadable, List<String> misread, List<String> unseen) {

    /**
     * One key that is no block.
     *
     * @param path the key, element by element
     * @param value as JSON; what is not shown is a string in angle brackets
     * @param env the env var or file that says so; empty where that cannot be told
     * @param line the line in its text, counted from 1; 0 where it cannot be told
     */
    public record Entry(List<String> path, String value, String env, int line) {}

    /**
     * What a container gets.
     *
     * @param whole the container with all that could be looked up
     * @param withoutSecrets the same one with nothing that comes from a Secret; only what this one knows is shown
     */
    public static EffectiveConfig of(Container whole, Container withoutSecrets) {
        var config = whole.config();
        var misread = config.problems().stream()
                .map(problem -> problem.key() + " " + problem.text())
                .toList();
        var entries = config.problem().isPresent()
                ? List.<Entry>of()
                : new EffectiveEntries(whole.environment(), withoutSecrets.environment()).read();
        var unseen = Stream.concat(
                        config.unseen().stream(),
                        config.untold().stream().map(problem -> problem.key() + " " + problem.text()))
                .toList();
        return new EffectiveConfig(entries, config.unreadable(), misread, unseen);
    }
}
