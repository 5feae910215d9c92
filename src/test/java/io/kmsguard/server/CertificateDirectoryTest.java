// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateDirectoryTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void reads_a_key_in_every_form(String algorithm) throws Exception {
        var keys = Pem.keys(algorithm);
        write("tls.crt", Pem.certificate(keys));

        write("tls.key", Pem.pkcs8(keys.getPrivate()));
        assertThat(loaded().key()).isEqualTo(keys.getPrivate());

        write("tls.key", Pem.traditional(keys.getPrivate()));
        assertThat(loaded().key().getAlgorithm()).isEqualTo(keys.getPrivate().getAlgorithm());
    }

    @Test
    void reads_the_key_behind_the_parameters_that_openssl_puts_before_it() throws Exception {
        var keys = Pem.keys("EC");
        write("tls.crt", Pem.certificate(keys));
        write(
                "tls.key",
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                        + Pem.traditional(keys.getPrivate()));

        assertThat(loaded().key().getAlgorithm()).isEqualTo(keys.getPrivate().getAlgorithm());
    }

    @Test
    void reads_what_development_certificates_wrote() throws Exception {
        var certificates = DevelopmentCertificates.make(List.of(), Instant.now());
        certificates.writeTo(directory);

        assertThat(loaded().sameAs(certificates.serving())).isTrue();
        assertThat(loaded().trusted()).isEqualTo(certificates.serving().trusted());
    }

    @Test
    void trusts_the_leaf_alone_without_a_ca() throws Exception {
        var keys = Pem.keys("EC");
        write("tls.crt", Pem.certificate(keys));
        write("tls.key", Pem.pkcs8(keys.getPrivate()));

        assertThat(loaded().trusted()).containsExactly(loaded().leaf());
    }

    @Test
    void says_that_the_key_is_another_ones() throws Exception {
        write("tls.crt", Pem.certificate(Pem.keys("EC")));
        write("tls.key", Pem.pkcs8(Pem.keys("EC").getPrivate()));
        var sentence = path("tls.key") + " does not belong to tls.crt beside it, which is for another key."
                + " Put the key there with which the certificate was asked for.";
        assertThat(problem()).isEqualTo(sentence);

        write("tls.key", Pem.pkcs8(Pem.keys("RSA").getPrivate()));
        assertThat(problem()).isEqualTo(sentence);
    }

    @Test
    void says_what_is_wrong_with_the_key() throws Exception {
        var keys = Pem.keys("EC");
        write("tls.crt", Pem.certificate(keys));
        assertThat(problem()).isEqualTo(path("tls.key") + " is not there. Is the Secret mounted, and has it this key?");

        write("tls.key", Pem.encrypted(keys.getPrivate()));
        assertThat(problem())
                .isEqualTo(path("tls.key")
                        + " holds an encrypted private key. Store it without a password; the Secret protects it.");

        write("tls.key", Pem.certificate(keys));
        assertThat(problem())
                .isEqualTo(path("tls.key") + " holds no private key."
                        + " Put a PEM block there that begins with -----BEGIN PRIVATE KEY-----.");

        write("tls.key", Pem.pkcs8(Pem.keys("Ed25519").getPrivate()));
        assertThat(problem())
                .isEqualTo(path("tls.key")
                        + " holds a private key of a kind that TLS here does not take. Use ECDSA (P-256) or RSA.");
    }

    @Test
    void says_what_is_wrong_with_the_certificate() throws Exception {
        var keys = Pem.keys("EC");
        write("tls.key", Pem.pkcs8(keys.getPrivate()));
        var file = path("tls.crt");
        assertThat(problem()).isEqualTo(file + " is not there. Is the Secret mounted, and has it this key?");

        write("tls.crt", " \n");
        assertThat(problem()).isEqualTo(file + " is empty. Is the Secret filled?");

        write("tls.crt", "hello");
        assertThat(problem()).isEqualTo(file + " is not PEM. It must hold blocks that begin with -----BEGIN.");

        write("tls.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThat(problem()).isEqualTo(file + " is damaged PEM. Write it again.");

        write("tls.crt", Pem.pkcs8(keys.getPrivate()));
        assertThat(problem())
                .isEqualTo(file + " holds no certificate."
                        + " Put a PEM block there that begins with -----BEGIN CERTIFICATE-----.");

        write("tls.crt", "x".repeat(1_100_000));
        assertThat(problem()).isEqualTo(file + " is larger than 1048576 bytes, which no certificate is.");
    }

    @Test
    void says_that_the_directory_is_not_there() {
        var absent = directory.resolve("absent");
        assertThat(CertificateSource.directory(absent).read())
                .isEqualTo(new CertificateSource.Failed(
                        absent + " is no directory that can be read. Is the Secret mounted there?"));
    }

    @Test
    void reads_both_files_from_one_version() throws Exception {
        var first = DevelopmentCertificates.make(List.of(), Instant.now());
        var second = DevelopmentCertificates.make(List.of(), Instant.now());
        var mount = new KubeletMount(directory);
        mount.show(first);
        assertThat(loaded().sameAs(first.serving())).isTrue();

        mount.show(second);
        assertThat(loaded().sameAs(second.serving())).isTrue();
    }

    @Test
    void a_key_never_gets_into_a_text() throws Exception {
        var serving = DevelopmentCertificates.make(List.of(), Instant.now()).serving();
        assertThat(new CertificateSource.Loaded(serving).toString())
                .isEqualTo("Loaded[certificate=certificate %s until %s]"
                        .formatted(serving.leaf().getSerialNumber().toString(16), serving.notAfter()));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private String path(String name) throws IOException {
        return directory.toRealPath().resolve(name).toString();
    }

    private ServingCertificate loaded() {
        return ((CertificateSource.Loaded)
                        CertificateSource.directory(directory).read())
                .certificate();
    }

    private String problem() {
        return ((CertificateSource.Failed)
                        CertificateSource.directory(directory).read())
                .problem();
    }
}
