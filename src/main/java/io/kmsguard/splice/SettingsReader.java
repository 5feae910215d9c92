// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@link ParticipantSettings} out of one participant's block. */
final class SettingsReader {

    private static final String SIGNING = "session-signing-keys";

    private final HoconTree tree;
    private final String node;
    private final ConfigObject participant;
    private final String path;

    SettingsReader(HoconTree tree, String node, ConfigObject participant, String path) {
        this.tree = tree;
        this.node = node;
        this.participant = participant;
        this.path = path;
    }

    ParticipantSettings read() {
        var unverified = scalar("crypto", "kms", "disable-ssl-verification")
                .filter(CometBftNodes::isTrue)
                .isPresent();
        return new ParticipantSettings(node, sessionSigningKeys(), sessionKeyLifetime(), unverified);
    }

    private Optional<String> sessionSigningKeys() {
        var newest = scalar("crypto", SIGNING, "enabled");
        if (newest.isPresent()) {
            return newest.filter(CometBftNodes::isTrue).map(on -> path + ".crypto." + SIGNING + ".enabled");
        }
        for (var parent : List.of(List.of("crypto", "kms"), List.of("parameters"))) {
            var keys = new ArrayList<>(parent);
            keys.add(SIGNING);
            keys.add("enabled");
            if (scalar(keys.toArray(String[]::new))
                    .filter(CometBftNodes::isTrue)
                    .isPresent()) {
                return Optional.of(path + "." + String.join(".", keys));
            }
        }
        return Optional.empty();
    }

    private Optional<Duration> sessionKeyLifetime() {
        return List.of("sender-cache", "receiver-cache").stream()
                .map(cache ->
                        scalar("parameters", "caching", "session-encryption-key-cache", cache, "expire-after-timeout"))
                .flatMap(Optional::stream)
                .map(SettingsReader::duration)
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder());
    }

    /** As HOCON writes durations: {@code 10 minutes}, {@code 2h}; empty for anything else. */
    private static Optional<Duration> duration(String text) {
        try {
            var value = ConfigValueFactory.fromMap(Map.of("d", text));
            return Optional.of(ConfigFactory.empty().withFallback(value).getDuration("d"));
        } catch (ConfigException noDuration) {
            return Optional.empty();
        }
    }

    private Optional<String> scalar(String... keys) {
        var block = Optional.of(participant);
        var at = new StringBuilder(path);
        for (var i = 0; i < keys.length - 1; i++) {
            var key = keys[i];
            at.append('.').append(key);
            var where = at.toString();
            block = block.flatMap(parent -> tree.object(parent, key, where));
        }
        var last = keys[keys.length - 1];
        at.append('.').append(last);
        return block.flatMap(parent -> tree.scalar(parent, last, at.toString()))
                .filter(HoconTree.Scalar::known)
                .map(HoconTree.Scalar::text);
    }
}
