// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The whole configuration that the env vars of one container give to Canton, for people to look at: what later texts
 * overwrite is gone, substitutions are made, and what is or may be secret is not shown.
 *
 * @param roads the texts that it is made of, in the order in which later ones win
 * @param entries by path; empty where Canton cannot read it
 * @param unreadable why Canton cannot read it, as a sentence without a period
 * @param misread what Canton reads otherwise than it was meant, each as a sentence without a period
 * @param unseen what belongs to it and was not seen, each as a clause
 */
public record EffectiveConfig(
        List<Road> roads, List<Entry> entries, Optional<String> unreadable, List<String> misread, List<String> unseen) {

    /** By what a text reaches Canton. */
    public enum RoadKind {
        /** JVM system properties, of {@code JAVA_TOOL_OPTIONS} and the like or {@code CONFIG_FORCE_…}. */
        PROPERTY,
        /** A file over one of the image's own, or one that is included. */
        FILE,
        /** An {@code ADDITIONAL_CONFIG…} env var. */
        ENV;

        static RoadKind of(EnvVar text) {
            if (text.name().startsWith("/")) {
                return FILE;
            }
            return JvmOptions.NAMES.contains(text.name()) || text.name().startsWith(JvmOptions.FORCE) ? PROPERTY : ENV;
        }

        /** As in JSON. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One text.
     *
     * @param name the env var or the path of the file
     * @param source what holds the text, such as {@code key k of ConfigMap c}; empty for a plain value
     */
    public record Road(RoadKind kind, String name, String source) {}

    /**
     * One key that is no block.
     *
     * @param path the key, element by element
     * @param value as JSON; what is not shown is a string in angle brackets
     * @param env the env var or file that says so; empty where that cannot be told
     * @param line the line in its text, counted from 1; 0 where it cannot be told, and for a system property
     * @param over the env vars and files that say it too and do not count, in the order of the roads
     */
    public record Entry(List<String> path, String value, String env, int line, List<String> over) {}

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
        var roads = AdditionalConfig.texts(whole.environment()).stream()
                .map(EffectiveConfig::road)
                .toList();
        return new EffectiveConfig(roads, entries, config.unreadable(), misread, unseen);
    }

    private static Road road(EnvVar text) {
        var isPlain = text.value() instanceof EnvValue.Literal;
        return new Road(
                RoadKind.of(text), text.name(), isPlain ? "" : text.value().source());
    }
}
