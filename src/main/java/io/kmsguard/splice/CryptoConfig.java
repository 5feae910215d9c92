// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.List;
import java.util.Optional;

/**
 * The {@code crypto} block of one Canton node.
 *
 * @param role which kind of node
 * @param node the node's name in the configuration, for example {@code participant}
 * @param provider {@code crypto.provider} as written; empty where Canton's default ({@code jce}) holds
 * @param kms the {@code crypto.kms} block, if there is one; without {@code provider = kms} Canton does not use it for
 *     keys
 * @param envelope whether {@code private-key-store.encryption.type = kms} asks for envelope encryption
 * @param problems what Canton would refuse in it
 */
public record CryptoConfig(
        Role role,
        String node,
        Optional<String> provider,
        Optional<KmsConfig> kms,
        boolean envelope,
        List<ConfigProblem> problems) {

    /**
     * Whether the node keeps its keys in a KMS (External Key Storage, the mode that Splice supports). A provider that is
     * not known (<code>${NAME}</code>, see {@link AdditionalConfig#unseen}) counts as one, and so does one in capitals,
     * which Canton refuses: neither may pass for a node without KMS.
     */
    public boolean isKms() {
        return provider.filter(p -> p.equalsIgnoreCase("kms") || p.contains("${"))
                .isPresent();
    }

    /** Which KMS holds the node's keys; empty for a node that keeps them itself. */
    public Optional<KmsConfig> identity() {
        return isKms() ? Optional.of(kms.orElse(new KmsConfig.Other(""))) : Optional.empty();
    }

    /** The path in Canton's configuration, for example {@code canton.participants.participant.crypto}. */
    public String path() {
        return "canton." + role.configRoot() + "." + node + ".crypto";
    }
}
