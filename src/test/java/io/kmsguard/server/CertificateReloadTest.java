// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateReloadTest {

    /** As many as a busy API server holds, each used again and again; and some callers that come anew each time. */
    private static final int KEPT_CONNECTIONS = 50;

    private static final int CALLERS = KEPT_CONNECTIONS + 4;

    @TempDir
    private Path directory;

    private final DevelopmentCertificates first = made();
    private final DevelopmentCertificates second = made();
    private KubeletMount mount;

    @BeforeEach
    void mount() throws IOException {
        mount = new KubeletMount(directory);
        mount.show(first);
    }

    @Test
    void serves_what_the_kubelet_swaps_in() throws Exception {
        try (var running = start()) {
            assertThat(shown(running)).isEqualTo(first.serving().leaf());

            mount.show(second);

            awaitShown(running, second);
            running.awaitReady();
            assertThat(detail(running)).isEmpty();
        }
    }

    @Test
    void keeps_the_old_one_through_broken_files_and_takes_the_next_good_one() throws Exception {
        try (var running = start();
                var log = new CapturedLog()) {
            running.awaitReady();
            mount.showBroken("hello");
            Await.until(() -> !detail(running).isEmpty(), () -> "a detail");

            assertThat(shown(running)).isEqualTo(first.serving().leaf());
            assertThat(running.readiness.isReady()).isTrue();
            assertThat(detail(running))
                    .isEqualTo("the one until %s is kept, for a newer one could not be had: %s"
                            .formatted(
                                    first.serving().notAfter(),
                                    directory.resolve("..data").toRealPath().resolve("tls.crt")
                                            + " is not PEM. It must hold blocks that begin with -----BEGIN."));
            Await.until(() -> failures(running) > 3, () -> "more readings");
            // One line, however often it was read since.
            assertThat(log.of("keeping the old certificate")).hasSize(1);

            mount.showMismatch(first, second);
            Await.until(() -> detail(running).contains("does not belong to"), () -> "the next trouble");
            assertThat(shown(running)).isEqualTo(first.serving().leaf());

            mount.show(second);
            awaitShown(running, second);
            assertThat(detail(running)).isEmpty();
        }
    }

    @Test
    void a_bug_in_the_source_does_not_end_the_looking() throws Exception {
        var readings = new AtomicInteger();
        var source = new AtomicReference<CertificateSource>(CertificateSource.fixed(first.serving()));
        try (var running = start(() -> {
            readings.incrementAndGet();
            return Objects.requireNonNull(source.get()).read();
        })) {
            source.set(() -> {
                throw new IllegalStateException("made up");
            });
            Await.until(() -> !detail(running).isEmpty(), () -> "a detail");
            source.set(() -> {
                throw new StackOverflowError("made up");
            });
            var seen = readings.get();
            Await.until(() -> readings.get() > seen + 2, () -> "more readings");

            source.set(CertificateSource.fixed(second.serving()));
            awaitShown(running, second);
        }
    }

    @Test
    void loses_no_review_while_certificates_change() throws Exception {
        var both = List.of(
                first.serving().trusted().get(0), second.serving().trusted().get(0));
        try (var running = start()) {
            var end = new AtomicBoolean();
            var answered = new AtomicInteger();
            var callers = Executors.newFixedThreadPool(CALLERS);
            var calls = new ArrayList<Future<?>>();
            for (var caller = 0; caller < CALLERS; caller++) {
                var keepsAlive = caller < KEPT_CONNECTIONS;
                calls.add(callers.submit(() -> {
                    call(running, both, keepsAlive, end, answered);
                    return null;
                }));
            }
            Await.until(() -> answered.get() > 2 * CALLERS, () -> "load");
            for (var change = 0; change < 10; change++) {
                var next = change % 2 == 0 ? second : first;
                mount.show(next);
                awaitShown(running, next);
            }
            end.set(true);
            for (var call : calls) {
                call.get();
            }
            callers.shutdown();
            assertThat(answered).hasValueGreaterThan(100);
        }
    }

    /** Throws at the first review that fails. */
    private static void call(
            RunningServer running,
            List<X509Certificate> trusted,
            boolean keepsAlive,
            AtomicBoolean end,
            AtomicInteger answered)
            throws IOException {
        while (!end.get()) {
            try (var connection = new RawConnection(running.server.port(), RunningServer.trusting(trusted))) {
                do {
                    var response = connection.review("/validate", FakeReviews.review("a1"));
                    assertThat(response.status()).isEqualTo(200);
                    answered.incrementAndGet();
                } while (keepsAlive && !end.get());
            }
        }
    }

    @Test
    void an_expired_certificate_is_served_and_not_ready() throws Exception {
        var expired = DevelopmentCertificates.make(List.of(), Instant.now().minus(Duration.ofDays(40)));
        mount.show(expired);
        try (var running = start()) {
            var state = running.readiness.states().get("certificate");
            assertThat(state)
                    .isEqualTo(Readiness.State.not(
                            "it expired at " + expired.serving().notAfter()));
            assertThat(Double.parseDouble(seconds(running))).isNegative();

            mount.show(second);
            awaitShown(running, second);
            running.awaitReady();
            assertThat(Double.parseDouble(seconds(running))).isBetween(2.5e6, 2.6e6);
        }
    }

    @Test
    void does_not_start_with_files_that_cannot_serve() throws Exception {
        mount.showMismatch(first, second);
        assertThatThrownBy(this::start)
                .isInstanceOf(CannotStart.class)
                .hasMessage(
                        "No certificate to serve with: %s does not belong to tls.crt beside it, which is for another key."
                                        .formatted(directory
                                                .resolve("..data")
                                                .toRealPath()
                                                .resolve("tls.key"))
                                + " Put the key there with which the certificate was asked for.");
    }

    @Test
    void a_changed_client_ca_is_followed_too() throws Exception {
        var before = new Issuer("before", Instant.now(), Duration.ofHours(1));
        var after = new Issuer("after", Instant.now(), Duration.ofHours(1));
        var file = directory.resolve("clients.crt");
        Files.writeString(file, PemText.of(before.certificate()));
        var settings = RunningServer.loopback().clientCa(file).reloadInterval(Duration.ofMillis(20));
        try (var running = new RunningServer(
                unused -> settings, new FakeReviews(), first, CertificateSource.directory(directory))) {
            var client = after.client("api-server", Duration.ofHours(1));
            var context =
                    RunningServer.context(Optional.of(client), first.serving().trusted());
            Files.writeString(file, PemText.of(after.certificate()));
            Await.until(() -> isLetIn(running, context), () -> "the new client CA");
        }
    }

    private static boolean isLetIn(RunningServer running, SSLContext context) {
        try (var connection = new RawConnection(running.server.port(), context)) {
            return connection.review("/validate", FakeReviews.review("b1")).status() == 200;
        } catch (IOException refused) {
            return false;
        }
    }

    private RunningServer start() throws CannotStart {
        return start(CertificateSource.directory(directory));
    }

    private RunningServer start(CertificateSource source) throws CannotStart {
        return new RunningServer(
                settings -> settings.reloadInterval(Duration.ofMillis(20)), new FakeReviews(), first, source);
    }

    private static DevelopmentCertificates made() {
        return DevelopmentCertificates.make(List.of(), Instant.now());
    }

    private X509Certificate shown(RunningServer running) {
        var both = List.of(
                first.serving().trusted().get(0), second.serving().trusted().get(0));
        try (var connection = new RawConnection(running.server.port(), RunningServer.trusting(both))) {
            return connection.shown();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private void awaitShown(RunningServer running, DevelopmentCertificates certificates) {
        // By the metric first: while an expired one is served, no client connects.
        Await.until(
                () -> running.metrics
                                .registry()
                                .get("kms_guard_certificate_expiry")
                                .gauge()
                                .value()
                        > 0,
                () -> "a valid certificate");
        Await.until(
                () -> shown(running).equals(certificates.serving().leaf()),
                () -> "the certificate that was swapped in");
    }

    private static String detail(RunningServer running) {
        return running.readiness
                .states()
                .getOrDefault("certificate", Readiness.State.ok())
                .detail();
    }

    private static double failures(RunningServer running) {
        return running.metrics
                .registry()
                .get("kms_guard_certificate_reload_failures")
                .counter()
                .count();
    }

    private static String seconds(RunningServer running) throws Exception {
        return running.samples("kms_guard_certificate_expiry_seconds").get(0).split(" ", 2)[1];
    }
}
