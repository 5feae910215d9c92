// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.kmsguard.splice.CryptoFields.Field;
import io.kmsguard.splice.CryptoFields.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Reads one node's {@code crypto} block, and what Canton would refuse in it. */
final class CryptoReader {

    private static final String KMS_VALUES = "set the kms values of the splice-participant chart";

    private final HoconTree tree;
    private final CantonLine line;
    private final Role role;
    private final String node;
    private final String path;
    private final List<ConfigProblem> problems = new ArrayList<>();

    CryptoReader(HoconTree tree, CantonLine line, Role role, String node) {
        this.tree = tree;
        this.line = line;
        this.role = role;
        this.node = node;
        this.path = "canton." + role.configRoot() + "." + node + ".crypto";
    }

    /** @param value what stands at {@code crypto}, a block or not */
    CryptoConfig read(ConfigValue value) {
        if (!(value instanceof ConfigObject crypto)) {
            problem("", "is no block", "write crypto { provider = kms, kms { … } }");
            return new CryptoConfig(role, node, Optional.empty(), Optional.empty(), false, List.copyOf(problems));
        }
        var provider = tree.scalar(crypto, "provider", path + ".provider");
        provider.filter(HoconTree.Scalar::known)
                .map(HoconTree.Scalar::text)
                .filter(p -> !p.equals("kms") && !p.equals("jce"))
                .ifPresent(p -> problem("provider", "is neither kms nor jce (lower case)", "write provider = kms"));
        fields(crypto, "", CryptoFields.CRYPTO, "crypto");
        var block = tree.object(crypto, "kms", path + ".kms");
        var kms = block.map(this::kms);
        var isKms = provider.filter(p -> p.known() && p.text().equalsIgnoreCase("kms"))
                .isPresent();
        if (isKms && block.isEmpty()) {
            problem("kms", "is missing, and provider is kms", KMS_VALUES);
        }
        return new CryptoConfig(
                role, node, provider.map(HoconTree.Scalar::text), kms, envelope(crypto), List.copyOf(problems));
    }

    private boolean envelope(ConfigObject crypto) {
        return tree.object(crypto, "private-key-store", path + ".private-key-store")
                .flatMap(store -> tree.object(store, "encryption", path + ".private-key-store.encryption"))
                .flatMap(encryption -> tree.scalar(encryption, "type", path + ".private-key-store.encryption.type"))
                .filter(type -> type.text().equalsIgnoreCase("kms"))
                .isPresent();
    }

    private KmsConfig kms(ConfigObject block) {
        var type = tree.scalar(block, "type", path + ".kms.type").orElse(new HoconTree.Scalar("", true));
        var known = CryptoFields.ofType(type.text());
        if (known.isPresent()) {
            fields(block, "kms.", known.get(), "type " + type.text());
        } else if (type.known() && type.text().isEmpty()) {
            problem("kms.type", "is missing", "write type = aws, gcp or driver");
        } else if (type.known() && line.mayKnowMore() && isNoTypeInAnyCase(type.text())) {
            doubt("kms.type", "is none of aws, gcp and driver, the types", "check it against the release notes");
        } else if (type.known()) {
            problem("kms.type", "is none of aws, gcp and driver (lower case)", "write type = aws, gcp or driver");
        }
        return switch (type.text()) {
            case "gcp" ->
                new KmsConfig.Gcp(text(block, "project-id"), text(block, "location-id"), text(block, "key-ring-id"));
            case "aws" ->
                new KmsConfig.Aws(text(block, "region"), CometBftNodes.isTrue(text(block, "multi-region-key")));
            case "driver" ->
                new KmsConfig.Driver(text(block, "name"), settings(tree.value(block, "config", path + ".kms.config")));
            default -> new KmsConfig.Other(type.text());
        };
    }

    private static boolean isNoTypeInAnyCase(String type) {
        return CryptoFields.ofType(type.toLowerCase(Locale.ROOT)).isEmpty();
    }

    /** Not known where they are no block, such as the Go text of charts before 0.4.12. */
    private Optional<Map<String, String>> settings(Optional<ConfigValue> config) {
        return config.isEmpty()
                ? Optional.of(Map.of())
                : config.filter(ConfigObject.class::isInstance)
                        .map(ConfigObject.class::cast)
                        .map(tree::digests);
    }

    private void fields(ConfigObject block, String prefix, List<Field> fields, String owner) {
        var known = fields.stream()
                .filter(field -> field.lines().contains(line))
                .map(Field::name)
                .toList();
        for (var key : new TreeSet<>(block.keySet())) {
            if (!known.contains(key)) {
                unknown(prefix, key, known, fields, owner);
            }
        }
        for (var field : fields) {
            var value = tree.value(block, field.name(), path + "." + prefix + field.name());
            if (value.isPresent() && value.get().valueType() != ConfigValueType.NULL) {
                field(block, value.get(), prefix, field);
            } else if (field.needed() && !tree.notes(path + "." + prefix + field.name())) {
                missing(prefix + field.name(), owner);
            }
        }
    }

    /** A newer Canton may have another name or a default for it. */
    private void missing(String key, String owner) {
        if (line == CantonLine.NEWER) {
            doubt(key, "is missing, which " + owner + " needs", "check it against the release notes");
        } else {
            problem(key, "is missing", "set it: " + owner + " needs it");
        }
    }

    private void unknown(String prefix, String key, List<String> known, List<Field> fields, String owner) {
        var later = fields.stream().anyMatch(field -> field.name().equals(key));
        var meant = FieldForm.meant(key, known).map(name -> "did you mean " + name + "?");
        if (line.mayKnowMore()) {
            doubt(prefix + key, "is no field of " + owner, meant.orElse("check it against the release notes"));
        } else {
            problem(
                    prefix + key,
                    later ? "is unknown to the Canton of this Splice release" : "is no field of " + owner,
                    meant.orElse("remove it: Canton refuses unknown keys"));
        }
    }

    private void field(ConfigObject block, ConfigValue value, String prefix, Field field) {
        var name = prefix + field.name();
        if (field.form() == Form.ANY) {
            return;
        }
        if (field.form() == Form.BLOCK) {
            if (!(value instanceof ConfigObject)) {
                problem(name, "is no block", "write " + field.name() + " { … }");
            }
            return;
        }
        if (HoconTree.isNested(value)) {
            problem(name, "is a list or block where one value is wanted", "write one value");
            return;
        }
        var scalar = tree.scalar(block, field.name(), path + "." + name);
        scalar.filter(HoconTree.Scalar::known)
                .ifPresent(text -> FieldForm.flaw(field.form(), text.text())
                        .ifPresent(flaw -> problem(name, flaw.text(), flaw.remedy())));
    }

    private String text(ConfigObject block, String key) {
        return tree.scalar(block, key, path + ".kms." + key)
                .map(HoconTree.Scalar::text)
                .orElse("");
    }

    /** Something that the Canton of that release may know, although no release that is known here does. */
    private void doubt(String key, String text, String remedy) {
        var release = line == CantonLine.UNKNOWN ? "; the release of this object cannot be determined" : "";
        problems.add(new ConfigProblem(
                path + "." + key,
                text + " in any release up to " + Releases.NEWEST + ", the newest that this guard knows" + release,
                remedy,
                true));
    }

    private void problem(String key, String text, String remedy) {
        problems.add(new ConfigProblem(key.isEmpty() ? path : path + "." + key, text, remedy));
    }
}
