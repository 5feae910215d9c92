// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    @TempDir
    private Path directory;

    @Test
    void speaks_tls_1_3_and_no_older_one() throws Exception {
        try (var running = RunningServer.start(new FakeReviews())) {
            assertThat(protocol(running, "TLSv1.3", "TLSv1.2")).isEqualTo("TLSv1.3");
            assertThatThrownBy(() -> protocol(running, "TLSv1.2")).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void speaks_tls_1_2_where_that_is_set() throws Exception {
        try (var running = RunningServer.start(settings -> settings.tls12(true), new FakeReviews())) {
            assertThat(protocol(running, "TLSv1.3", "TLSv1.2")).isEqualTo("TLSv1.3");
            assertThat(protocol(running, "TLSv1.2")).isEqualTo("TLSv1.2");
        }
    }

    @Test
    void takes_no_plain_http() throws Exception {
        try (var running = RunningServer.start(new FakeReviews());
                var socket = new Socket(InetAddress.getLoopbackAddress(), running.server.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write("GET /validate HTTP/1.1\r\nHost: guard\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP/1.1");
        }
    }

    @Test
    void answers_under_names_that_the_certificate_does_not_have() throws Exception {
        try (var running = RunningServer.start(new FakeReviews())) {
            var socket = socket(running.trust(), running);
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("guard.elsewhere.svc")));
            socket.setSSLParameters(parameters);
            try (var connection = new RawConnection(socket)) {
                assertThat(connection
                                .review("/validate", FakeReviews.review("a1"))
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void lets_in_only_callers_of_the_client_ca() throws Exception {
        var apiServers = new Issuer("api servers", Instant.now(), Duration.ofHours(1));
        var others = new Issuer("others", Instant.now(), Duration.ofHours(1));
        var file = Files.writeString(directory.resolve("clients.crt"), PemText.of(apiServers.certificate()));
        try (var running = RunningServer.start(settings -> settings.clientCa(file), new FakeReviews())) {
            // The server's own call shows a certificate too.
            running.awaitReady();

            assertThat(status(running, Optional.of(apiServers.client("api-server", Duration.ofHours(1)))))
                    .isEqualTo(200);
            assertThatThrownBy(() -> status(running, Optional.empty())).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> status(running, Optional.of(others.client("other", Duration.ofHours(1)))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void does_not_start_without_a_client_ca_that_can_be_read() {
        var file = directory.resolve("absent.crt");
        assertThatThrownBy(() -> RunningServer.start(settings -> settings.clientCa(file), new FakeReviews()))
                .isInstanceOf(CannotStart.class)
                .hasMessage("No certificate to serve with: the client CA " + file
                        + " is not there. Is the Secret mounted, and has it this key?");
    }

    private static int status(RunningServer running, Optional<ServingCertificate> own) throws IOException {
        var context = RunningServer.context(own, running.certificates.serving().trusted());
        try (var connection = new RawConnection(running.server.port(), context)) {
            return connection.review("/validate", FakeReviews.review("b1")).status();
        }
    }

    private static String protocol(RunningServer running, String... protocols) throws IOException {
        var socket = socket(running.trust(), running);
        socket.setEnabledProtocols(protocols);
        try (var connection = new RawConnection(socket)) {
            return connection.protocol();
        }
    }

    private static SSLSocket socket(SSLContext trust, RunningServer running) throws IOException {
        return (SSLSocket)
                trust.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), running.server.port());
    }
}
