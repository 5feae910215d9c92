// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {

    @Test
    void has_defaults_for_a_pod() {
        assertThat(ServerSettings.defaults())
                .isEqualTo(new ServerSettings(
                        Optional.empty(),
                        8443,
                        Optional.empty(),
                        8080,
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        16,
                        12,
                        1_000,
                        1_000,
                        7_340_032,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(6),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(10)));
        assertThat(SettingsCheck.problems(ServerSettings.defaults())).isEmpty();
    }

    private static ServerSettings everySetting() {
        return ServerSettings.builder()
                .host("::1")
                .port(1)
                .opsHost("127.0.0.1")
                .opsPort(2)
                .serverName("guard.kms.svc")
                .tls12(true)
                .clientCa(Path.of("ca.crt"))
                .threads(8)
                .concurrentReviews(4)
                .waitingReviews(3)
                .connections(5)
                .bodyLimit(6_000)
                .defaultTimeout(Duration.ofSeconds(7))
                .deadlineMargin(Duration.ofMillis(8))
                .drainDelay(Duration.ofSeconds(9))
                .stopTimeout(Duration.ofSeconds(10))
                .idleTimeout(Duration.ofSeconds(11))
                .reloadInterval(Duration.ofSeconds(12))
                .build();
    }

    @Test
    void takes_every_setting() {
        var settings = everySetting();
        assertThat(settings)
                .isEqualTo(new ServerSettings(
                        Optional.of("::1"),
                        1,
                        Optional.of("127.0.0.1"),
                        2,
                        Optional.of("guard.kms.svc"),
                        true,
                        Optional.of(Path.of("ca.crt")),
                        8,
                        4,
                        3,
                        5,
                        6_000,
                        Duration.ofSeconds(7),
                        Duration.ofMillis(8),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(11),
                        Duration.ofSeconds(12)));
        assertThat(SettingsCheck.problems(settings)).isEmpty();
    }

    @Test
    void tells_everything_that_is_wrong_at_once() {
        var settings = ServerSettings.builder()
                .port(-1)
                .opsPort(70_000)
                .threads(7)
                .waitingReviews(-1)
                .connections(0)
                .bodyLimit(1_023)
                .defaultTimeout(Duration.ofSeconds(31))
                .deadlineMargin(Duration.ofSeconds(-1))
                .drainDelay(Duration.ofMinutes(6))
                .stopTimeout(Duration.ZERO)
                .idleTimeout(Duration.ofMillis(1))
                .reloadInterval(Duration.ofHours(2))
                .build();
        assertThat(SettingsCheck.problems(settings))
                .containsExactly(
                        "port must be from 0 to 65535, is -1.",
                        "ops-port must be from 0 to 65535, is 70000.",
                        "threads must be from 8 to 64, is 7.",
                        "waiting-reviews must be from 0 to 100000, is -1.",
                        "connections must be from 1 to 100000, is 0.",
                        "body-limit must be from 1024 to 67108864, is 1023.",
                        "default-timeout must be from 1ms to 30s, is 31s.",
                        "deadline-margin must be from 0s to 30s, is negative.",
                        "drain-delay must be from 0s to 5m, is 6m.",
                        "stop-timeout must be from 1ms to 5m, is 0s.",
                        "idle-timeout must be from 100ms to 1h, is 1ms.",
                        "reload-interval must be from 10ms to 1h, is 2h.");
    }

    @Test
    void compares_settings_with_each_other() {
        assertThat(SettingsCheck.problems(
                        ServerSettings.builder().port(9_000).opsPort(9_000).build()))
                .containsExactly("port and ops-port must differ, both are 9000.");
        assertThat(SettingsCheck.problems(
                        ServerSettings.builder().threads(8).concurrentReviews(5).build()))
                .containsExactly("concurrent-reviews must be from 1 to 4, is 5.");
        assertThat(SettingsCheck.problems(
                        ServerSettings.builder().port(0).opsPort(0).build()))
                .isEmpty();
    }

    @Test
    void the_server_does_not_start_with_wrong_ones() {
        var certificate = DevelopmentCertificates.make(List.of(), Instant.now()).serving();
        try (var metrics = new WebhookMetrics()) {
            assertThatThrownBy(() -> WebhookServer.start(
                            ServerSettings.builder().threads(7).connections(0).build(),
                            CertificateSource.fixed(certificate),
                            new FakeReviews(),
                            metrics,
                            new Readiness()))
                    .isInstanceOf(CannotStart.class)
                    .hasMessage("threads must be from 8 to 64, is 7. connections must be from 1 to 100000, is 0.");
        }
    }
}
