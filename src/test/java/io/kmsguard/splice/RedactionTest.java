// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canton.participants.p.storage.config.properties.password",
                "a.private-key",
                "a.privateKey",
                "a.auth.client-secret",
                "a.ADMIN_TOKEN",
                "a.credentials.id",
                "a.access-key-id",
                "a.pin",
                "canton.participants.p.crypto.kms.config.slot"
            })
    void hides_places_that_may_hold_a_secret(String path) {
        assertThat(Redaction.hidesPlace(List.of(path.split("\\.")))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canton.participants.p.crypto.kms.key-ring-id",
                "canton.participants.p.crypto.private-key-store.encryption.wrapper-key-id",
                "canton.participants.p.crypto.session-signing-keys.enabled",
                "a.governance-key.public-key",
                "a.pruning.retention-period",
                "a.pinned"
            })
    void shows_the_others(String path) {
        assertThat(Redaction.hidesPlace(List.of(path.split("\\.")))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AAAAC3NzaC1lZDI1NTE5AAAAIFx0Y2hhbmdlZGxhdGVy",
                "x 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
                "jdbc:postgresql://pg/db?password=x",
                "https://user:x@example.com",
                "PRIVATE KEY MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void hides_what_looks_like_a_key_or_holds_a_password(String text) {
        assertThat(Redaction.hidesText(text)).isTrue();
        assertThat(Redaction.key(text)).isEqualTo("<hidden>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/domain-upgrade-dump/domain_migration_dump.json",
                "http://global-domain-0-cometbft-cometbft-rpc:26657",
                "splice-app-sv-cometbft-governance-key-of-mine",
                "arn:aws:kms:us-east-1:123456789012:key/4d1e2c3b-0000-4000-8000-1234567890ab",
                "30 days",
                ""
            })
    void shows_addresses_names_and_numbers(String text) {
        assertThat(Redaction.hidesText(text)).isFalse();
    }
}
