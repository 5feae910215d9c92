// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleTest {

    @ParameterizedTest
    @CsvSource({
        "x, canton-participant, PARTICIPANT",
        "x, registry:5000/a/b/canton-participant:0.7.3@sha256:00, PARTICIPANT",
        "participant, mirror/renamed, PARTICIPANT",
        "x, ghcr.io/x/sv-app:0.7.3, SV_APP",
        "sv-app, mirror/renamed, SV_APP",
        "x, validator-app, VALIDATOR_APP",
        "x, canton-sequencer:1, SEQUENCER",
        "x, canton-cometbft-sequencer:1, SEQUENCER",
        "x, canton-mediator:1, MEDIATOR",
        "sv-web-ui, ghcr.io/x/sv-web-ui:0.7.3, ",
        "cometbft, ghcr.io/x/cometbft:0.7.3, ",
        "my-participant, postgres:14, "
    })
    void image_and_container_name_tell(String container, String image, Role role) {
        var roles = Manifest.other(container, image).container().roles();
        if (role == null) {
            assertThat(roles).isEmpty();
        } else {
            assertThat(roles).containsExactly(role);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ADDITIONAL_CONFIG_X, canton.participants.mine {}, PARTICIPANT",
        "ADDITIONAL_CONFIG_X, canton { sv-apps { } }, SV_APP",
        "ADDITIONAL_CONFIG_X, canton.mediators.m.x = 1, MEDIATOR",
        "CANTON_PARTICIPANT_POSTGRES_SERVER, db, PARTICIPANT",
        "SPLICE_APP_SV_PARTICIPANT_ADDRESS, participant, SV_APP",
        "SPLICE_APP_VALIDATOR_PARTICIPANT_ADDRESS, participant, VALIDATOR_APP"
    })
    void configuration_and_env_tell(String env, String value, Role role) {
        assertThat(Manifest.other("x", "x").env(env, value).container().roles()).containsExactly(role);
    }

    @Test
    void one_container_may_have_several() {
        assertThat(Manifest.participant()
                        .env("ADDITIONAL_CONFIG_X", "canton.sv-apps.sv {}")
                        .container()
                        .roles())
                .containsExactly(Role.PARTICIPANT, Role.SV_APP);
    }

    @Test
    void unreadable_text_tells_no_role_but_takes_none_away() {
        assertThat(Manifest.participant()
                        .env("ADDITIONAL_CONFIG_X", "}")
                        .container()
                        .roles())
                .containsExactly(Role.PARTICIPANT);
    }

    @Test
    void ids_are_those_of_the_charts() {
        assertThat(Role.SV_APP.id()).isEqualTo("sv-app");
        assertThat(Role.SV_APP.configRoot()).isEqualTo("sv-apps");
    }
}
