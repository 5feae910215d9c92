// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.time.Duration;
import java.util.Optional;

/**
 * What a participant's configuration says beside which KMS it uses.
 *
 * @param node the participant's name in the configuration, by default {@code participant}
 * @param sessionSigningKeys where session signing keys are switched on, as a path; empty where they are not. Canton reads
 *     {@code parameters.session-signing-keys} in Splice 0.4, {@code crypto.kms.session-signing-keys} in 0.5 and
 *     {@code crypto.session-signing-keys}, which wins over the former, from 0.6
 * @param sessionKeyLifetime the longest time that a session encryption key lives, where it is configured
 *     ({@code parameters.caching.session-encryption-key-cache})
 * @param unverifiedTls whether the certificate of the KMS endpoint is not verified
 *     ({@code crypto.kms.disable-ssl-verification})
 */
public record ParticipantSettings(
        String node,
        Optional<String> sessionSigningKeys,
        Optional<Duration> sessionKeyLifetime,
        boolean unverifiedTls) {}
