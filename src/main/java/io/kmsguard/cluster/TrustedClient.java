// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

/**
 * Builds the client so that the authority which is named for a cluster is the only one that vouches for its API server, as with
 * kubectl, and so that no redirect leads elsewhere. By itself the client would add all authorities of the JVM, which any of them
 * could use, and which take long to read.
 */
final class TrustedClient {

    /** Guards nothing: the store is empty. A key store wants one. */
    private static final String PASSWORD = "nobody";

    private TrustedClient() {}

    /** A client that asks for nothing yet. Where no temporary file can be written, the JVM's authorities are trusted too. */
    static KubernetesClient of(Config config) {
        var named = config.getCaCertData() != null || config.getCaCertFile() != null;
        if (!named || config.getTrustStoreFile() != null) {
            return build(config);
        }
        Path nobody;
        try {
            nobody = nobody();
        } catch (IOException | GeneralSecurityException noPlace) {
            return build(config);
        }
        try {
            return build(new ConfigBuilder(config)
                    .withTrustStoreFile(nobody.toString())
                    .withTrustStorePassphrase(PASSWORD)
                    .build());
        } finally {
            // The client has read it, and reads it once.
            var unused = nobody.toFile().delete();
        }
    }

    private static KubernetesClient build(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new Direct())
                .build();
    }

    /** The client would follow any redirect and take its token along, to whatever address; no API server sends one. */
    private static final class Direct extends JdkHttpClientFactory {
        @Override
        protected void additionalConfig(HttpClient.Builder builder) {
            builder.followRedirects(HttpClient.Redirect.NEVER);
        }
    }

    /** A store of nobody's certificate. The client takes no other than a file. */
    private static Path nobody() throws IOException, GeneralSecurityException {
        // Written without the ten thousand rounds of hashing that PKCS #12 takes; read where PKCS #12 is expected.
        var store = KeyStore.getInstance("JKS");
        store.load(null, PASSWORD.toCharArray());
        var file = Files.createTempFile("kms-guard-", ".jks");
        try (var out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }
}
