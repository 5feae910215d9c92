// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kmsguard.server.DevelopmentCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An API server whose authority this JVM trusts, as it trusts the public ones. */
class TrustedClientTest {

    private static final String STORE = "javax.net.ssl.trustStore";
    private static final String STORE_PASSWORD = "javax.net.ssl.trustStorePassword";
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path own;

    @TempDir
    private Path foreign;

    private final Optional<String> before = Optional.ofNullable(System.getProperty(STORE));
    private final Optional<String> passwordBefore = Optional.ofNullable(System.getProperty(STORE_PASSWORD));
    private HttpsServer server;

    @BeforeEach
    void begin() throws Exception {
        DevelopmentCertificates.make(List.of(), Instant.now()).writeTo(own);
        DevelopmentCertificates.make(List.of(), Instant.now()).writeTo(foreign);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls()));
        server.createContext("/", call -> {
            try (call) {
                call.sendResponseHeaders(404, -1);
            }
        });
        server.start();
        var trusted = store();
        trusted.setCertificateEntry("own", certificate("ca.crt"));
        var file = own.resolve("trusted.p12");
        try (var out = Files.newOutputStream(file)) {
            trusted.store(out, PASSWORD);
        }
        System.setProperty(STORE, file.toString());
        System.setProperty(STORE_PASSWORD, new String(PASSWORD));
    }

    @AfterEach
    void end() {
        server.stop(0);
        restore(STORE, before);
        restore(STORE_PASSWORD, passwordBefore);
    }

    private static void restore(String name, Optional<String> value) {
        value.ifPresentOrElse(text -> System.setProperty(name, text), () -> System.clearProperty(name));
    }

    private static KeyStore store() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        return store;
    }

    private Certificate certificate(String file) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(own.resolve(file))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private SSLContext tls() throws GeneralSecurityException, IOException {
        var pem = Files.readString(own.resolve("tls.key")).replaceAll("-----.*-----|\\s", "");
        var key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        var keys = store();
        keys.setKeyEntry("own", key, PASSWORD, new Certificate[] {certificate("tls.crt")});
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** Asks for what is not there, so that an answer is nothing. */
    private Object ask(Optional<Path> authority) {
        var config = new ConfigBuilder(Config.empty())
                .withMasterUrl("https://127.0.0.1:" + server.getAddress().getPort())
                .withRequestRetryBackoffLimit(0)
                .withCaCertFile(authority.map(Path::toString).orElse(null))
                .build();
        try (var client = TrustedClient.of(config)) {
            return client.namespaces().withName("sv").get();
        }
    }

    @Test
    void trusts_the_named_authority_alone() {
        assertThat(ask(Optional.of(own.resolve("ca.crt")))).isNull();
        assertThatThrownBy(() -> ask(Optional.of(foreign.resolve("ca.crt"))))
                .isInstanceOf(KubernetesClientException.class)
                .hasRootCauseMessage("Path does not chain with any of the trust anchors")
                .hasStackTraceContaining(SSLHandshakeException.class.getName());
    }

    @Test
    void trusts_whom_the_jvm_trusts_where_no_authority_is_named() {
        assertThat(ask(Optional.empty())).isNull();
    }
}
