// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The environment that a container's process gets, put together as the kubelet does it
 * ({@code makeEnvironmentVariables}): first {@code envFrom}, then {@code env} in order; of equal names the last counts.
 */
public final class Environment {

    private final List<EnvVar> written;
    private final List<EnvFrom> sources;
    private final List<EnvFrom> unread;
    private final Map<String, EnvVar> effective;
    private final Launch launch;

    private Environment(
            List<EnvVar> written,
            List<EnvFrom> sources,
            List<EnvFrom> unread,
            Map<String, EnvVar> effective,
            Launch launch) {
        this.launch = launch;
        this.written = written;
        this.sources = sources;
        this.unread = unread;
        this.effective = effective;
    }

    /** The entries of {@code env} in order, expanded; a name that stands twice is there twice. */
    public List<EnvVar> written() {
        return written;
    }

    /** The entries of {@code envFrom}, read or not. */
    public List<EnvFrom> sources() {
        return sources;
    }

    /** The entries of {@code envFrom} whose content is not known. */
    public List<EnvFrom> unread() {
        return unread;
    }

    /** How the process is started in it. */
    Launch launch() {
        return launch;
    }

    /** The env var of that name, if one is there for certain. */
    public Optional<EnvVar> get(String name) {
        return Optional.ofNullable(effective.get(name));
    }

    /** All that are there for certain, one of a name. */
    public Collection<EnvVar> all() {
        return effective.values();
    }

    boolean has(String name) {
        return effective.containsKey(name);
    }

    /**
     * The same environment with what was looked up put in.
     *
     * @param path the JSON pointer of the container
     * @param wanted the names of the env vars whose value matters; no other Secret is opened
     * @param included the paths of the files that the configuration includes
     * @param data the content by ConfigMap or Secret; empty where it is not known
     */
    Environment completed(
            String path,
            String namespace,
            Set<String> wanted,
            Set<String> included,
            Function<ObjectRef, Optional<Map<String, String>>> data) {
        var assembly = new Assembly(written.size());
        for (var i = 0; i < sources.size(); i++) {
            var source = sources.get(i);
            assembly.add(
                    source, data.apply(new ObjectRef(source.kind(), namespace, source.name())), path + "/envFrom/" + i);
        }
        for (var variable : written) {
            var found = wanted.contains(variable.name())
                    ? reference(variable.value(), namespace).flatMap(data)
                    : Optional.<Map<String, String>>empty();
            assembly.add(variable, found);
        }
        return assembly.done(launch.completed(namespace, included, data));
    }

    /** Whether the process cannot be started without that ConfigMap or Secret. */
    boolean needs(ObjectRef object, String namespace) {
        return sources.stream()
                        .anyMatch(source -> !source.optional()
                                && object.equals(new ObjectRef(source.kind(), namespace, source.name())))
                || written.stream()
                        .map(EnvVar::value)
                        .anyMatch(value -> !isOptional(value)
                                && reference(value, namespace)
                                        .filter(object::equals)
                                        .isPresent())
                || launch.mounted().needs(object, namespace);
    }

    private static boolean isOptional(EnvValue value) {
        return (value instanceof EnvValue.SecretKey secret && secret.optional())
                || (value instanceof EnvValue.ConfigMapKey map && map.optional());
    }

    /** The same environment with env vars behind its own, none of which refers to another. */
    Environment with(List<EnvVar> added) {
        var all = new ArrayList<>(written);
        var last = new LinkedHashMap<>(effective);
        added.forEach(variable -> {
            all.add(variable);
            last.put(variable.name(), variable);
        });
        return new Environment(List.copyOf(all), sources, unread, last, launch);
    }

    /** The ConfigMap or Secret that a value refers to, known or not. */
    static Optional<ObjectRef> reference(EnvValue value, String namespace) {
        if (value instanceof EnvValue.SecretKey secret) {
            return Optional.of(new ObjectRef("Secret", namespace, secret.secret()));
        }
        return value instanceof EnvValue.ConfigMapKey map
                ? Optional.of(new ObjectRef("ConfigMap", namespace, map.configMap()))
                : Optional.empty();
    }

    /** Whether a value holds one of another env var that is not known. */
    boolean hasTemplates() {
        for (var variable : written) {
            if (variable.value() instanceof EnvValue.Template) {
                return true;
            }
        }
        return false;
    }

    /** Those names, and the names that their values hold as {@code $(NAME)}, and so on. */
    Set<String> withTheirParts(Collection<String> names) {
        var all = new HashSet<String>();
        var open = new ArrayList<>(names);
        while (!open.isEmpty()) {
            var name = open.remove(open.size() - 1);
            if (!all.add(name)) {
                continue;
            }
            for (var variable : written) {
                if (variable.name().equals(name) && variable.value() instanceof EnvValue.Template template) {
                    open.addAll(Expansion.names(template.template()));
                }
            }
        }
        return all;
    }

    /** Puts an environment together, entry by entry. */
    static final class Assembly {
        private final List<EnvVar> written;
        private final List<EnvFrom> sources = new ArrayList<>(0);
        private final List<EnvFrom> unread = new ArrayList<>(0);
        private final Map<String, EnvVar> effective;

        Assembly(int size) {
            this.written = new ArrayList<>(size);
            this.effective = new LinkedHashMap<>(size * 2);
        }

        void add(EnvFrom source, Optional<Map<String, String>> data, String path) {
            sources.add(source);
            if (data.isEmpty() || (data.get().isEmpty() && !source.optional())) {
                unread.add(source);
                return;
            }
            data.get().forEach((key, text) -> {
                EnvValue value = source.kind().equals("Secret")
                        ? new EnvValue.SecretKey(source.name(), key, source.optional(), Optional.of(KeyText.of(text)))
                        : new EnvValue.ConfigMapKey(source.name(), key, source.optional(), Optional.of(text));
                var name = source.prefix() + key;
                effective.put(name, new EnvVar(name, value, path));
            });
        }

        /** @param found the content of what the variable refers to, where it was looked up */
        void add(EnvVar variable, Optional<Map<String, String>> found) {
            var value = variable.value();
            if (value instanceof EnvValue.Template template) {
                value = Expansion.of(template.template(), effective, !unread.isEmpty());
            }
            if (value instanceof EnvValue.SecretKey secret && found.isPresent()) {
                var content = Optional.ofNullable(found.get().get(secret.key())).map(KeyText::of);
                value = new EnvValue.SecretKey(secret.secret(), secret.key(), secret.optional(), content);
            }
            if (value instanceof EnvValue.ConfigMapKey map && found.isPresent()) {
                var content = Optional.ofNullable(found.get().get(map.key()));
                value = new EnvValue.ConfigMapKey(map.configMap(), map.key(), map.optional(), content);
            }
            var known = value == variable.value() ? variable : new EnvVar(variable.name(), value, variable.path());
            written.add(known);
            // The kubelet leaves out what is optional and not there: what stood above under that name stays.
            if (found.isEmpty() || value.text().isPresent() || !isOptional(value)) {
                effective.put(known.name(), known);
            }
        }

        Environment done(Launch launch) {
            return new Environment(List.copyOf(written), List.copyOf(sources), List.copyOf(unread), effective, launch);
        }
    }
}
