// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Manifest;
import io.kmsguard.admission.ManifestFiles;
import io.kmsguard.admission.ManifestProblem;
import io.kmsguard.admission.ManifestReader;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.KeyPairTexts;
import io.kmsguard.splice.SecretData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where an operator has a governance key: the JSON that the guide's key script prints, or a Secret. The script names its
 * fields {@code publicKey} and {@code privateKey}, the guide's sample of its output {@code public} and {@code private}.
 */
final class KeyInput {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_BYTES = 4_000_000;
    private static final List<String> PUBLIC = List.of("publicKey", "public");
    private static final List<String> PRIVATE = List.of("privateKey", "private");

    private final SecretNames names;
    private final String namespace;

    /**
     * Reads keys.
     *
     * @param names the Secret and its keys
     * @param namespace where a Secret names none
     */
    KeyInput(SecretNames names, String namespace) {
        this.names = names;
        this.namespace = namespace;
    }

    /**
     * One pair, or what stands where one should be.
     *
     * @param isSecret whether it is a Secret; else a key file
     * @param secret as it is; of a key file, as the Secret that it would make
     * @param pair the two halves, however they are named; empty where one is not there
     */
    record Source(String file, int line, boolean isSecret, GovernanceSecret secret, Optional<KeyPairTexts> pair) {

        /** How to speak of it. */
        String label() {
            return isSecret ? secret.ref().toString() : "Key file";
        }
    }

    /** What was found, and what could not be read. */
    record Reading(List<Source> sources, List<ManifestProblem> problems) {

        static Reading problem(String file, String message) {
            return new Reading(List.of(), List.of(new ManifestProblem(file, 0, message)));
        }
    }

    Reading read(String file, InputStream in) {
        byte[] bytes;
        try {
            bytes = bytes(file, in);
        } catch (InvalidPathException noName) {
            return new Reading(List.of(), List.of(ManifestFiles.noName(file)));
        } catch (NoSuchFileException absent) {
            return Reading.problem(file, "there is no such file");
        } catch (IOException unreadable) {
            return Reading.problem(
                    file, "this cannot be read (" + unreadable.getClass().getSimpleName() + ")");
        }
        if (bytes.length > MAX_BYTES) {
            return Reading.problem(file, "this is too large to be a key");
        }
        try {
            return read(
                    file,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException binary) {
            return Reading.problem(file, "this is not text in UTF-8");
        }
    }

    private static byte[] bytes(String file, InputStream in) throws IOException {
        if (file.equals(ManifestFiles.STANDARD_INPUT)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
        try (var input = Files.newInputStream(Path.of(file))) {
            return input.readNBytes(MAX_BYTES + 1);
        }
    }

    private Reading read(String file, String text) {
        if (text.strip().startsWith("-----BEGIN")) {
            return Reading.problem(
                    file,
                    "this is a PEM file, and a Secret takes the bare keys; kms-guard keys generate makes a pair and its"
                            + " Secret at once");
        }
        var keyFile = keyFile(text);
        if (keyFile.isPresent()) {
            return new Reading(List.of(source(file, 1, false, secret(keyFile.get()))), List.of());
        }
        var manifests = ManifestReader.read(file, text);
        var sources = secrets(manifests.manifests()).stream()
                .map(manifest -> source(file, manifest.line(), true, manifest.object()))
                .toList();
        if (sources.isEmpty() && manifests.problems().isEmpty()) {
            return Reading.problem(
                    file,
                    "there is no Secret " + names.governance()
                            + " in it, and it is no key file with publicKey and privateKey");
        }
        return new Reading(sources, manifests.problems());
    }

    /** Those of the name that is asked for; whatever its name, a Secret that is the only one. */
    private List<Manifest> secrets(List<Manifest> manifests) {
        var all = manifests.stream()
                .filter(manifest -> manifest.kind().equals("Secret")
                        && manifest.apiVersion().equals("v1"))
                .toList();
        var named = all.stream()
                .filter(manifest -> manifest.ref(namespace).name().equals(names.governance()))
                .toList();
        return named.isEmpty() && all.size() == 1 ? all : named;
    }

    private static Optional<JsonNode> keyFile(String text) {
        try {
            var root = JSON.readTree(text);
            var isKeyFile = root.isObject()
                    && !root.has("kind")
                    && (PUBLIC.stream().anyMatch(root::has) || PRIVATE.stream().anyMatch(root::has));
            return isKeyFile ? Optional.of(root) : Optional.empty();
        } catch (JacksonException noJson) {
            return Optional.empty();
        }
    }

    /** The Secret that a key file makes. */
    private JsonNode secret(JsonNode keyFile) {
        var secret = JSON.createObjectNode();
        secret.putObject("metadata").put("name", names.governance()).put("namespace", namespace);
        var texts = secret.putObject("stringData");
        first(keyFile, PUBLIC).ifPresent(text -> texts.put(names.publicKey(), text));
        first(keyFile, PRIVATE).ifPresent(text -> texts.put(names.privateKey(), text));
        return secret;
    }

    private static Optional<String> first(JsonNode object, List<String> fields) {
        return fields.stream()
                .map(object::path)
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .findFirst();
    }

    private Source source(String file, int line, boolean isSecret, JsonNode object) {
        var texts = SecretData.texts(object);
        var publicKey = first(texts, names.publicKey(), PUBLIC);
        var privateKey = first(texts, names.privateKey(), PRIVATE);
        return new Source(
                file,
                line,
                isSecret,
                GovernanceSecret.read(object, namespace),
                publicKey.flatMap(point -> privateKey.map(seed -> new KeyPairTexts(point, seed))));
    }

    private static Optional<String> first(Map<String, String> texts, String configured, List<String> others) {
        Set<String> candidates = new LinkedHashSet<>(List.of(configured));
        candidates.addAll(others);
        return candidates.stream().filter(texts::containsKey).findFirst().map(texts::get);
    }
}
