// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cli.PolicyOption.Content;
import io.kmsguard.cluster.WatchedConfigMap;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the policy of a server comes from.
 *
 * @param content what stands there now; empty where nobody could tell yet
 * @param waiting why nobody could tell yet, in a clause
 * @param poll how often it is looked at; empty where it never changes
 * @param whole whether it changes in one step; else a change that was not the same twice may still be being written
 */
record PolicySource(
        Supplier<Optional<Content>> content, Supplier<String> waiting, Optional<Duration> poll, boolean whole) {

    /** Polled, since the kubelet swaps a file by a symbolic link above it; it is small. */
    private static final Duration FILE = Duration.ofSeconds(1);

    /** Only memory is looked at. */
    private static final Duration MEMORY = Duration.ofMillis(100);

    private static final String KEY = "policy.yaml";

    /** A file, or the policy that is built in. */
    static PolicySource of(PolicyOption option) {
        return new PolicySource(
                () -> Optional.of(option.content()),
                () -> "",
                option.isGiven() ? Optional.of(FILE) : Optional.empty(),
                false);
    }

    /** That of an installation. */
    static PolicySource of(WatchedConfigMap map) {
        return new PolicySource(
                () -> map.isSeen() ? Optional.of(content(map)) : Optional.empty(),
                () -> map.trouble().orElse(map.place() + " was not read yet"),
                Optional.of(MEMORY),
                true);
    }

    private static Content content(WatchedConfigMap map) {
        var texts = map.texts();
        if (texts.isEmpty()) {
            return new Content(map.place(), Optional.empty(), "it is not there; it comes with the installation");
        }
        var text = Optional.ofNullable(texts.get().get(KEY));
        return text.isEmpty()
                ? new Content(map.place(), Optional.empty(), "it has no key " + KEY)
                : new Content(map.place() + " " + KEY, text, "");
    }
}
