// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.server.ManagedCertificates;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The life of the guard's own certificates while reviews come again and again: nothing is restarted, and no review fails. */
class RotationUnderLoadTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int CALLERS = 4;
    private static final String CA = "ca.crt";
    private static final String LEAF = "tls.crt";
    private static final ManagedCertificates MANAGED =
            new ManagedCertificates("s", Guard.NAME + "." + Guard.NAMESPACE + ".svc");

    /** An authority in the middle of its time. */
    private static final Map<String, String> AUTHORITY = written(Map.of(), daysAgo(200));

    private static ControlPlane plane;
    private static Guard guard;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start();
        guard = Guard.idle(plane, "helm4");
        write(written(AUTHORITY, daysAgo(30)));
        guard.start("a");
        guard.start("b");
        guard.awaitReady(2);
        LoadedCluster.fill(plane);
    }

    @AfterAll
    static void stop() throws IOException {
        if (guard != null) {
            guard.close();
        }
        if (plane != null) {
            plane.close();
        }
    }

    private static Instant daysAgo(int days) {
        return Instant.now().minus(Duration.ofDays(days));
    }

    /** What the leader would have written next at that moment. */
    private static Map<String, String> written(Map<String, String> before, Instant then) {
        return MANAGED.plan(before, "", then).change().orElseThrow().texts();
    }

    @Test
    void a_certificate_and_then_its_authority_are_renewed_without_a_failed_review() throws Exception {
        var ignored = LoadedCluster.ignoredFailures(plane);
        try (var load = Load.start(plane, CALLERS, LoadedCluster.all())) {
            load.awaitEach(20);

            // Two thirds of its time are over.
            var due = written(AUTHORITY, daysAgo(61));
            var before = List.of(serial(read(LEAF)), serial(part(due, LEAF)));
            write(due);
            awaitOther(before, "a certificate in the place of that which is due");
            load.awaitEach(20);

            // So are those of its authority: the new one is trusted first, beside the old one.
            var served = served();
            var old = written(Map.of(), daysAgo(250));
            write(with(old, read(LEAF), read("tls.key"), part(old, CA) + part(AUTHORITY, CA)));
            awaitTrusted(3);
            load.awaitEach(20);
            assertThat(served()).isEqualTo(served);

            // The same, begun ten minutes ago but for a moment: what the new authority issues is served when they are
            // over.
            var overlap = with(old, read(LEAF), read("tls.key"), part(old, CA) + part(AUTHORITY, CA));
            var renewed =
                    written(overlap, Instant.now().minus(Duration.ofMinutes(10)).plusSeconds(20));
            write(renewed);
            awaitTrusted(3);
            load.awaitEach(20);
            assertThat(served()).isEqualTo(served);
            awaitOther(served, "a certificate of the new authority");
            load.awaitEach(20);

            var authority = certificates(part(renewed, CA)).get(0);
            certificates(read(LEAF)).get(0).verify(authority.getPublicKey());
            load.stop();
            System.out.println("a rotation: " + load.summary());
            assertThat(load.failures()).isEmpty();
            assertThat(LoadedCluster.ignoredFailures(plane)).isEqualTo(ignored);
        }
    }

    private static String part(Map<String, String> texts, String key) {
        return Optional.ofNullable(texts.get(key)).orElseThrow();
    }

    private static Map<String, String> with(Map<String, String> authority, String leaf, String key, String bundle) {
        var texts = new TreeMap<>(authority);
        texts.put(LEAF, leaf);
        texts.put("tls.key", key);
        texts.put(CA, bundle);
        return texts;
    }

    /** Both replicas serve the certificate of the Secret, and it is none of those. */
    private static void awaitOther(Collection<BigInteger> before, String what) {
        Await.until(
                () -> {
                    var now = served();
                    return now.get(0).equals(now.get(1))
                            && !before.contains(now.get(0))
                            && now.get(0).equals(serial(read(LEAF)));
                },
                () -> what + guard.tails());
    }

    /** Every webhook trusts what the Secret holds, so many authorities. */
    private static void awaitTrusted(int authorities) {
        Await.until(
                () -> {
                    var bundle = read(CA);
                    return certificates(bundle).size() == authorities
                            && bundles().stream().allMatch(bundle::equals);
                },
                () -> authorities + " authorities in each caBundle" + guard.tails());
    }

    private static List<String> bundles() throws IOException {
        var path = "jsonpath={range .items[*].webhooks[*]}{.clientConfig.caBundle}{\"\\n\"}{end}";
        return plane.kubectl("get", "validatingwebhookconfiguration,mutatingwebhookconfiguration", "-o", path)
                .mustSucceed()
                .lines()
                .map(RotationUnderLoadTest::decoded)
                .toList();
    }

    private static void write(Map<String, String> texts) throws IOException {
        var patch = JSON.createObjectNode();
        texts.forEach(patch.putObject("stringData")::put);
        plane.kubectl("-n", Guard.NAMESPACE, "patch", "secret", "kms-guard-certificates", "-p", patch.toString())
                .mustSucceed();
    }

    private static String read(String key) throws IOException {
        var path = "jsonpath={.data." + key.replace(".", "\\.") + "}";
        return decoded(plane.kubectl("-n", Guard.NAMESPACE, "get", "secret", "kms-guard-certificates", "-o", path)
                .mustSucceed());
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static BigInteger serial(String pem) {
        return certificates(pem).get(0).getSerialNumber();
    }

    private static List<X509Certificate> certificates(String pem) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (GeneralSecurityException broken) {
            throw new AssertionError(broken);
        }
    }

    /** The serial number that each replica shows. */
    private static List<BigInteger> served() throws IOException {
        var serials = new ArrayList<BigInteger>();
        for (var replica : guard.replicas()) {
            serials.add(shown(replica.port()).getSerialNumber());
        }
        return serials;
    }

    private static X509Certificate shown(int port) throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new X509TrustManager[] {new Everybody()}, null);
            try (var socket =
                    (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
                socket.startHandshake();
                return (X509Certificate) socket.getSession().getPeerCertificates()[0];
            }
        } catch (GeneralSecurityException broken) {
            throw new AssertionError(broken);
        }
    }

    /** Looks only; whom the API server trusts is what the load shows. */
    private static final class Everybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
