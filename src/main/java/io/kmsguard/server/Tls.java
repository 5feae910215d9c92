// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.PBEParameterSpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** TLS out of certificates in memory. */
final class Tls {

    /** Key stores want a password, and this one never leaves memory. */
    private static final char[] NO_PASSWORD = {};

    /** Where the password is none, ten thousand rounds of it protect nothing, and take a sixth of the time to start. */
    private static final PBEParameterSpec ONE_ROUND = new PBEParameterSpec(new byte[8], 1);

    /**
     * As the API server itself prefers where the processor has AES. What goes with longer keys, SHA-384, costs a process that has just
     * started most of a handshake.
     */
    private static final Comparator<String> SHORT_KEYS_FIRST =
            Comparator.comparing(suite -> !suite.contains("AES_128_GCM"));

    private Tls() {}

    /**
     * A context of either side.
     *
     * @param own what it shows, if anything
     * @param trusted whom it trusts; nobody where empty
     */
    static SSLContext context(Optional<ServingCertificate> own, List<X509Certificate> trusted)
            throws GeneralSecurityException {
        try {
            var context = SSLContext.getInstance("TLS");
            var keys = own.isPresent() ? keyManagers(own.get()) : new KeyManager[0];
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trustStore(trusted));
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (IOException noFile) {
            throw new IllegalStateException("a key store in memory was read from nowhere", noFile);
        }
    }

    /** Jetty's holder of the context, which can take another one while connections are open. */
    static SslContextFactory.Server jetty(SSLContext context, boolean tls12, boolean clientsMustShow) {
        var server = new SslContextFactory.Server();
        server.setSslContext(context);
        server.setIncludeProtocols(tls12 ? new String[] {"TLSv1.3", "TLSv1.2"} : new String[] {"TLSv1.3"});
        server.setNeedClientAuth(clientsMustShow);
        server.setCipherComparator(SHORT_KEYS_FIRST);
        return server;
    }

    private static KeyManager[] keyManagers(ServingCertificate own) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setEntry(
                "own",
                new KeyStore.PrivateKeyEntry(own.key(), own.chain().toArray(Certificate[]::new)),
                new KeyStore.PasswordProtection(NO_PASSWORD, "PBEWithHmacSHA256AndAES_256", ONE_ROUND));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore trustStore(List<X509Certificate> trusted) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        for (var number = 0; number < trusted.size(); number++) {
            store.setCertificateEntry("trusted-" + number, trusted.get(number));
        }
        return store;
    }
}
