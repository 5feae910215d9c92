// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientKeyTest {

    @TempDir
    private Path folder;

    private static String pem(String kind) throws Exception {
        var key = KeyPairGenerator.getInstance(kind).generateKeyPair().getPrivate();
        return "-----BEGIN PRIVATE" + " KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PRIVATE" + " KEY-----\n";
    }

    @ParameterizedTest
    @CsvSource({"EC,EC", "RSA,RSA"})
    void an_elliptic_key_is_told_to_the_client_and_another_is_left_to_it(String kind, String told) throws Exception {
        var data = Config.empty();
        data.setClientKeyData(Base64.getEncoder().encodeToString(pem(kind).getBytes(StandardCharsets.US_ASCII)));
        ClientKey.tell(data);
        assertThat(data.getClientKeyAlgo()).isEqualTo(told);

        var file = Config.empty();
        file.setClientKeyFile(
                Files.writeString(folder.resolve("key"), pem(kind)).toString());
        ClientKey.tell(file);
        assertThat(file.getClientKeyAlgo()).isEqualTo(told);
    }

    @Test
    void none_and_a_broken_one_are_left_to_the_client() {
        var broken = Config.empty();
        broken.setClientKeyData("%");
        ClientKey.tell(broken);
        assertThat(broken.getClientKeyAlgo()).isEqualTo("RSA");

        var none = Config.empty();
        none.setClientKeyFile(folder.resolve("absent").toString());
        ClientKey.tell(none);
        assertThat(none.getClientKeyAlgo()).isEqualTo("RSA");
    }
}
