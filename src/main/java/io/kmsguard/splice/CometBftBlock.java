// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Optional;

/**
 * One block of HOCON that configures CometBFT; several may be about the same node.
 *
 * @param app the SV app's name; empty for {@code _comet_bft_config}, which the image's app.conf substitutes
 * @param node {@code current}, {@code successor}, {@code legacy} or {@code additional-legacy.<i>}
 * @param enabled what it says of {@code enabled}; a value that is not known counts as true
 * @param declared whether it has a {@code governance-key}
 * @param own whether it is a node's own block, not one of those that the image puts together for {@code current}
 */
record CometBftBlock(
        String app,
        String node,
        Optional<Boolean> enabled,
        boolean declared,
        CometBftNode.KeySource publicKey,
        CometBftNode.KeySource privateKey,
        boolean own) {}
