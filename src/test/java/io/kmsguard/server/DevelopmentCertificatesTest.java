// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentCertificatesTest {

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @TempDir
    private Path directory;

    @Test
    void are_for_this_machine_and_the_names_asked_for() {
        var serving = DevelopmentCertificates.make(List.of("guard.kms.svc", "10.0.0.7", "localhost"), now)
                .serving();
        assertThat(serving.names())
                .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "guard.kms.svc", "10.0.0.7");
        assertThat(serving.isFor("Guard.KMS.svc")).isTrue();
        assertThat(serving.isFor("other.kms.svc")).isFalse();
        assertThat(DevelopmentCertificates.make(List.of("*.kms.svc"), now)
                        .serving()
                        .isFor("guard.kms.svc"))
                .isTrue();
    }

    @Test
    void leave_room_for_clocks_that_are_behind() {
        var serving = DevelopmentCertificates.make(List.of(), now).serving();
        assertThat(serving.notValidAt(now.minus(Duration.ofMinutes(59)))).isEmpty();
        assertThat(serving.notValidAt(now.minus(Duration.ofMinutes(61))))
                .hasValue("it is not valid before " + now.minus(Duration.ofHours(1)));
        assertThat(serving.notAfter()).isEqualTo(now.plus(Duration.ofDays(30)));
        assertThat(serving.notValidAt(now.plus(Duration.ofDays(31))))
                .hasValue("it expired at " + now.plus(Duration.ofDays(30)));
    }

    @Test
    void are_signed_by_an_authority_of_their_own() throws Exception {
        var certificates = DevelopmentCertificates.make(List.of(), now);
        var authority = certificates.serving().trusted().get(0);
        certificates.serving().leaf().verify(authority.getPublicKey());

        assertThat(authority.getBasicConstraints()).isZero();
        assertThat(certificates.serving().leaf().getBasicConstraints()).isEqualTo(-1);
        assertThat(certificates.serving().leaf().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificates.caPem())
                .startsWith("-----BEGIN CERTIFICATE-----\n")
                .endsWith("-----END CERTIFICATE-----\n");
    }

    @Test
    void write_a_key_that_only_the_owner_reads() throws Exception {
        DevelopmentCertificates.make(List.of(), now).writeTo(directory);
        var certificates = DevelopmentCertificates.make(List.of(), now);
        certificates.writeTo(directory);

        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("ca.crt", "tls.crt", "tls.key");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("tls.key"))))
                .isEqualTo("rw-------");
        assertThat(directory.resolve("ca.crt")).hasContent(certificates.caPem());
    }
}
