// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Of which kind the private key of a kubeconfig's user is. The client takes every PKCS#8 key for RSA unless it is told, and
 * kubeconfig files do not tell.
 */
final class ClientKey {

    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private ClientKey() {}

    /** Tells the client where the key is an elliptic one; another, or none, is left to it. */
    static void tell(Config config) {
        var pem = PKCS8.matcher(text(config));
        if (!pem.find()) {
            return;
        }
        try {
            var der = Base64.getMimeDecoder().decode(pem.group(1));
            KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            config.setClientKeyAlgo("EC");
        } catch (GeneralSecurityException | IllegalArgumentException another) {
            // What kind it is, or what is wrong with it, is the client's to find.
        }
    }

    private static String text(Config config) {
        try {
            if (config.getClientKeyData() != null) {
                return new String(Base64.getDecoder().decode(config.getClientKeyData()), StandardCharsets.US_ASCII);
            }
            return config.getClientKeyFile() == null
                    ? ""
                    : Files.readString(Path.of(config.getClientKeyFile()), StandardCharsets.ISO_8859_1);
        } catch (IOException | IllegalArgumentException unreadable) {
            return "";
        }
    }
}
