// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.kmsguard.admission.ReviewService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/** A server on free loopback ports with certificates of its own, and clients of it. */
final class RunningServer implements AutoCloseable {

    final DevelopmentCertificates certificates;
    final WebhookMetrics metrics = new WebhookMetrics();
    final Readiness readiness = new Readiness();
    final WebhookServer server;
    private final HttpClient client;

    RunningServer(
            UnaryOperator<ServerSettings.Builder> settings,
            ReviewService reviews,
            DevelopmentCertificates certificates,
            CertificateSource source)
            throws CannotStart {
        this.certificates = certificates;
        this.server = WebhookServer.start(settings.apply(loopback()).build(), source, reviews, metrics, readiness);
        this.client = HttpClient.newBuilder()
                .sslContext(trusting(certificates.serving().trusted()))
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    static RunningServer start(ReviewService reviews) throws CannotStart {
        return start(settings -> settings, reviews);
    }

    static RunningServer start(UnaryOperator<ServerSettings.Builder> settings, ReviewService reviews)
            throws CannotStart {
        var certificates = DevelopmentCertificates.make(List.of(), Instant.now());
        return new RunningServer(settings, reviews, certificates, CertificateSource.fixed(certificates.serving()));
    }

    static ServerSettings.Builder loopback() {
        return ServerSettings.builder()
                .host("127.0.0.1")
                .port(0)
                .opsHost("127.0.0.1")
                .opsPort(0)
                .drainDelay(Duration.ZERO);
    }

    static SSLContext trusting(List<X509Certificate> trusted) {
        return context(Optional.empty(), trusted);
    }

    static SSLContext context(Optional<ServingCertificate> own, List<X509Certificate> trusted) {
        try {
            return Tls.context(own, trusted);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    SSLContext trust() {
        return trusting(certificates.serving().trusted());
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:%d%s".formatted(server.port(), path)))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(30));
    }

    HttpResponse<String> post(String path, byte[] body) throws IOException, InterruptedException {
        return send(to(path).header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(body)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> ops(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(server.opsPort(), path)))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                BodyHandlers.ofString());
    }

    /** The samples of a metric, in Prometheus' text form. */
    List<String> samples(String name) throws IOException, InterruptedException {
        return ops("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .toList();
    }

    void awaitReady() {
        Await.until(readiness::isReady, () -> "ready, but: " + readiness.states());
    }

    @Override
    public void close() {
        server.close();
        metrics.close();
    }
}
