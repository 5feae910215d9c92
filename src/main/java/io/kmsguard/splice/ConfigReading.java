// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a text of HOCON says, as far as the guard cares.
 *
 * @param problem why Canton cannot read it, if it cannot; what follows is then read with the text mended by guess
 * @param judged false where nothing could be read: too large, or beyond mending
 * @param roots the keys under {@code canton}, for example {@code participants}
 * @param cryptos the blocks named "crypto" of participants, sequencers and mediators
 * @param settings what participants are configured to do beside that
 * @param storages where participants keep their state, of those whose database is configured
 * @param blocks the CometBFT blocks of SV apps
 * @param clients how SV apps are pointed at their participant here; without those that are not
 * @param substituted the env vars that values the guard looks at are made of, keys aside
 * @param included what it includes
 * @param unknown the values the guard looks at that depend on something not known, each as a clause
 * @param undefined the env vars that it needs and that were not given
 */
record ConfigReading(
        Optional<String> problem,
        boolean judged,
        Set<String> roots,
        List<CryptoConfig> cryptos,
        List<ParticipantSettings> settings,
        List<StorageConfig> storages,
        List<CometBftBlock> blocks,
        List<ParticipantClient> clients,
        Set<String> substituted,
        List<Include> included,
        List<String> unknown,
        List<String> undefined) {

    /** A text that says nothing. */
    static final ConfigReading EMPTY = new ConfigReading(
            Optional.empty(),
            true,
            Set.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Set.of(),
            List.of(),
            List.of(),
            List.of());

    static ConfigReading unjudged(String why) {
        return new ConfigReading(
                Optional.of(why),
                false,
                Set.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Set.of(),
                List.of(),
                List.of(),
                List.of());
    }

    boolean hasRoot(String root) {
        return roots.contains(root);
    }

    ConfigReading broken(String why) {
        return new ConfigReading(
                Optional.of(why),
                judged,
                roots,
                cryptos,
                settings,
                storages,
                blocks,
                clients,
                substituted,
                included,
                unknown,
                undefined);
    }

    /** The same with what it includes, and the env vars that it needs. */
    ConfigReading with(List<Include> includes, List<String> needed) {
        return includes.isEmpty() && needed.isEmpty()
                ? this
                : new ConfigReading(
                        problem,
                        judged,
                        roots,
                        cryptos,
                        settings,
                        storages,
                        blocks,
                        clients,
                        substituted,
                        includes,
                        unknown,
                        needed);
    }
}
