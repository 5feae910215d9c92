// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.maker;

import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The kinds that are known, and what objects of them make. Safe for use by many threads. */
public final class SecretMakers {

    private static final List<SecretMaker> ALL = List.of(
            new ExternalSecret(),
            new ClusterExternalSecret(),
            new SealedSecret(),
            new VaultSecret(),
            new SecretProviderClass(),
            new SopsSecret(),
            new OnePasswordItem());

    private final Map<ObjectRef, MadeSecret> made = new ConcurrentHashMap<>();

    /** What those objects make; others among them are passed over. */
    public SecretMakers(Stream<JsonNode> objects, String defaultNamespace) {
        objects.flatMap(object -> read(object, defaultNamespace).stream())
                .forEach(one -> made.merge(one.secret(), one, MadeSecret::and));
    }

    /** Who makes a Secret. */
    public Optional<MadeSecret> of(ObjectRef secret) {
        return Optional.ofNullable(made.get(secret))
                .or(() -> Optional.ofNullable(made.get(new ObjectRef("Secret", "", secret.name()))));
    }

    /** Whether that is an object of a kind that makes Secrets;. */
    public static boolean isMaker(JsonNode object) {
        return reader(object).isPresent();
    }

    private static Optional<SecretMaker> reader(JsonNode object) {
        var group = object.path("apiVersion").asString("").replaceFirst("/?[^/]*$", "");
        var kind = object.path("kind").asString("");
        return ALL.stream().filter(maker -> maker.reads(group, kind)).findFirst();
    }

    /**
     * What an object makes; nothing where it is of no kind that makes Secrets.
     *
     * @param defaultNamespace where the object names none
     */
    public static List<MadeSecret> read(JsonNode object, String defaultNamespace) {
        var metadata = object.path("metadata");
        var self = new ObjectRef(
                object.path("kind").asString(""),
                SecretMaker.text(metadata.path("namespace"), defaultNamespace),
                metadata.path("name").asString(""));
        return reader(object).map(maker -> maker.made(object, self)).orElse(List.of()).stream()
                .filter(one ->
                        !one.secret().name().isEmpty() && !one.secret().name().contains("{{"))
                .toList();
    }
}
