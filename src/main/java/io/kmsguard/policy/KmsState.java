// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import io.kmsguard.splice.Container;
import io.kmsguard.splice.CryptoConfig;
import io.kmsguard.splice.KmsConfig;
import io.kmsguard.splice.KmsDrivers;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which KMS holds the keys of the participants in one container.
 *
 * @param kms one for each participant on a KMS, by the participant's name; empty where all keep their keys themselves
 * @param hidden what could not be read and may say otherwise; empty where everything could
 */
public record KmsState(List<KmsConfig> kms, Optional<String> hidden) {

    /** A message names no more. */
    private static final int MOST_SETTINGS = 8;

    /** Of the participants in one container. */
    public static KmsState of(Container container) {
        var config = container.config();
        if (!config.isJudged()) {
            return new KmsState(List.of(), Optional.of("its configuration cannot be read"));
        }
        var kms = config.cryptos().stream()
                .filter(crypto -> crypto.role() == Role.PARTICIPANT)
                .sorted(Comparator.comparing(CryptoConfig::node))
                .map(CryptoConfig::identity)
                .flatMap(Optional::stream)
                .toList();
        return new KmsState(
                kms,
                config.unseen().isEmpty()
                        ? Optional.empty()
                        : Optional.of("it takes " + String.join(", ", config.unseen()) + ", which could not be read"));
    }

    /** Of a participant's workload; with several in it, of one that is on a KMS or may be, so that none is overlooked. */
    public static KmsState of(Workload workload) {
        var states =
                workload.containers(Role.PARTICIPANT).stream().map(KmsState::of).toList();
        return states.stream()
                .filter(state -> state.isKms() || state.hidden().isPresent())
                .findFirst()
                .orElseGet(() -> states.get(0));
    }

    /** The same without settings of drivers that look like a secret: what may be remembered. */
    public KmsState withoutSecrets() {
        return new KmsState(
                kms.stream()
                        .map(each -> each instanceof KmsConfig.Driver driver ? driver.withoutSecrets() : each)
                        .toList(),
                hidden);
    }

    /** Whether at least one participant keeps its keys in a KMS. */
    public boolean isKms() {
        return !kms.isEmpty();
    }

    /**
     * Whether a participant of that state finds its keys again in this one; order and names do not matter.
     *
     * @param drivers which settings of a driver decide that
     */
    public boolean hasTheKeysOf(KmsState before, KmsDrivers drivers) {
        var left = new ArrayList<>(kms);
        for (var old : before.kms) {
            var same =
                    left.stream().filter(now -> now.hasTheKeysOf(old, drivers)).findFirst();
            if (same.isEmpty()) {
                return false;
            }
            left.remove(same.get());
        }
        return left.isEmpty();
    }

    /**
     * The settings in which a driver differs from one of the same name before, as a clause without any value; empty where that is not
     * the difference.
     *
     * @param drivers which settings count
     */
    public String differences(KmsState before, KmsDrivers drivers) {
        if (kms.size() != before.kms.size()) {
            return "";
        }
        var clauses = new ArrayList<String>();
        for (var i = 0; i < kms.size(); i++) {
            if (kms.get(i) instanceof KmsConfig.Driver now
                    && before.kms.get(i) instanceof KmsConfig.Driver old
                    && now.name().equals(old.name())) {
                clauses.addAll(now.differences(old, drivers));
            } else if (!kms.get(i).hasTheKeysOf(before.kms.get(i), drivers)) {
                return "";
            }
        }
        return clauses.stream().distinct().limit(MOST_SETTINGS).collect(Collectors.joining(", "));
    }

    /**
     * Where the keys are beside where they were before, after the same words: of a driver that stays, also which settings do not.
     *
     * @param drivers which settings count
     */
    public String place(KmsState before, KmsDrivers drivers) {
        var settings = differences(before, drivers);
        return place() + (settings.isEmpty() ? "" : " with another kms.config (" + settings + ")");
    }

    /** Where the keys are, after the words {@code keeps its keys}. */
    public String place() {
        return isKms() ? "in " + describe() : "itself";
    }

    /** Which KMS; only where there is one. */
    public String describe() {
        return kms.stream().map(KmsConfig::describe).collect(Collectors.joining(" and "));
    }
}
