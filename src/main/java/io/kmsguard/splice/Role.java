// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a container runs. Charts rename images and containers, so each of these is evidence: the last segment of the
 * image, the container's name, the root of its HOCON, an env var that only this chart sets (splice-participant,
 * splice-sv-node, splice-validator and splice-global-domain charts).
 */
public enum Role {
    PARTICIPANT(List.of("canton-participant"), "participant", "participants", "CANTON_PARTICIPANT_POSTGRES_"),
    SV_APP(List.of("sv-app"), "sv-app", "sv-apps", "SPLICE_APP_SV_PARTICIPANT_ADDRESS"),
    VALIDATOR_APP(
            List.of("validator-app"), "validator-app", "validator-apps", "SPLICE_APP_VALIDATOR_PARTICIPANT_ADDRESS"),
    SEQUENCER(List.of("canton-sequencer", "canton-cometbft-sequencer"), "sequencer", "sequencers", ""),
    MEDIATOR(List.of("canton-mediator"), "mediator", "mediators", "");

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of, which cannot change
    private final List<String> images;

    private final String containerName;
    private final String configRoot;
    private final String envPrefix;

    Role(List<String> images, String containerName, String configRoot, String envPrefix) {
        this.images = images;
        this.containerName = containerName;
        this.configRoot = configRoot;
        this.envPrefix = envPrefix;
    }

    /** The role's name in reports: {@code participant}, {@code sv-app}, … */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The key under {@code canton} that holds nodes of this role, for example {@code sv-apps}. */
    public String configRoot() {
        return configRoot;
    }

    static Set<Role> of(String containerName, Image image, Environment env, ConfigReading config) {
        var roles = EnumSet.noneOf(Role.class);
        for (var role : values()) {
            if (role.containerName.equals(containerName)
                    || role.images.contains(image.name())
                    || config.hasRoot(role.configRoot)
                    || role.isNamedBy(env)) {
                roles.add(role);
            }
        }
        return roles;
    }

    private boolean isNamedBy(Environment env) {
        if (envPrefix.isEmpty()) {
            return false;
        }
        for (var variable : env.all()) {
            if (variable.name().startsWith(envPrefix)) {
                return true;
            }
        }
        return false;
    }
}
