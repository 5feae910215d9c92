// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.ConfigObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads one node's {@code crypto} block. The fields are those of Canton 3.5's {@code KmsConfig}; Canton refuses unknown
 * ones ({@code allowUnknownKeys = false}), so each is a crash loop.
 */
final class CryptoReader {

    private static final Map<String, Set<String>> FIELDS = Map.of(
            "aws",
                    Set.of(
                            "type",
                            "region",
                            "multi-region-key",
                            "audit-logging",
                            "retries",
                            "disable-ssl-verification",
                            "endpoint-override",
                            "session-signing-keys"),
            "gcp",
                    Set.of(
                            "type",
                            "location-id",
                            "project-id",
                            "key-ring-id",
                            "audit-logging",
                            "retries",
                            "endpoint-override",
                            "session-signing-keys"),
            "driver", Set.of("type", "name", "config", "health-check-period", "retries", "session-signing-keys"));
    private static final Map<String, List<String>> NEEDED = Map.of(
            "aws", List.of("region"),
            "gcp", List.of("location-id", "project-id", "key-ring-id"),
            "driver", List.of("name"));
    private static final Set<String> PLACEHOLDERS = Set.of("LOCATION_ID", "PROJECT_ID", "KEY_RING_ID", "REGION");
    private static final Pattern AWS_REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d{1,2}");
    private static final Pattern GCP_LOCATION = Pattern.compile("[a-z]+(-[a-z]+)*\\d{0,2}");

    private final Role role;
    private final String node;
    private final ConfigObject crypto;
    private final List<ConfigProblem> problems = new ArrayList<>();

    CryptoReader(Role role, String node, ConfigObject crypto) {
        this.role = role;
        this.node = node;
        this.crypto = crypto;
    }

    CryptoConfig read() {
        var provider = ConfigExtraction.text(crypto, "provider");
        provider.filter(p -> !p.equals("kms") && !p.equals("jce"))
                .ifPresent(p -> problem("provider", "is neither kms nor jce", "write provider = kms"));
        var block = ConfigExtraction.object(crypto, "kms");
        var kms = block.map(this::kms);
        var envelope = ConfigExtraction.object(crypto, "private-key-store")
                .flatMap(store -> ConfigExtraction.object(store, "encryption"))
                .flatMap(encryption -> ConfigExtraction.text(encryption, "type"))
                .filter("kms"::equals)
                .isPresent();
        if (provider.filter("kms"::equalsIgnoreCase).isPresent() && block.isEmpty()) {
            problem("kms", "is missing, and provider is kms", "set the kms values of the splice-participant chart");
        }
        return new CryptoConfig(role, node, provider, kms, envelope, List.copyOf(problems));
    }

    private KmsConfig kms(ConfigObject block) {
        var type = field(block, "type");
        var known = FIELDS.get(type);
        if (known == null) {
            problem("kms.type", type.isEmpty() ? "is missing" : "is unknown", "write type = aws, gcp or driver");
            return new KmsConfig.Other(type);
        }
        for (var key : new TreeSet<>(block.keySet())) {
            if (!known.contains(key)) {
                problem("kms." + key, "is no field of type " + type, "remove it or correct its spelling");
            } else if (PLACEHOLDERS.contains(field(block, key))) {
                problem("kms." + key, "is still the sample's placeholder", "write the real value");
            } else {
                form(type, key, field(block, key));
            }
        }
        for (var key : NEEDED.getOrDefault(type, List.of())) {
            if (field(block, key).isEmpty()) {
                problem("kms." + key, "is missing", "set it: type " + type + " needs it");
            }
        }
        return switch (type) {
            case "gcp" ->
                new KmsConfig.Gcp(field(block, "project-id"), field(block, "location-id"), field(block, "key-ring-id"));
            case "aws" ->
                new KmsConfig.Aws(
                        field(block, "region"), field(block, "multi-region-key").equals("true"));
            default -> new KmsConfig.Driver(field(block, "name"));
        };
    }

    private void form(String type, String key, String value) {
        if (type.equals("aws")
                && key.equals("region")
                && !value.isEmpty()
                && !AWS_REGION.matcher(value).matches()) {
            problem("kms.region", "is no AWS region (" + value + ")", "write one such as us-east-1");
        }
        if (key.equals("location-id")
                && !value.isEmpty()
                && !GCP_LOCATION.matcher(value).matches()) {
            problem("kms.location-id", "is no Google Cloud location (" + value + ")", "write one such as us-east1");
        }
    }

    private static String field(ConfigObject block, String key) {
        return Optional.of(block).flatMap(b -> ConfigExtraction.text(b, key)).orElse("");
    }

    private void problem(String key, String text, String remedy) {
        problems.add(new ConfigProblem("canton." + role.configRoot() + "." + node + ".crypto." + key, text, remedy));
    }
}
