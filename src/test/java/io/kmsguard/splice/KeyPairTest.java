// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.splice.KeyDefect.Half;
import io.kmsguard.splice.KeyDefect.Kind;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPairTest {

    private static final String PUBLIC_COMMAND =
            "openssl pkey -in key.pem -pubout -outform DER | tail -c 32 | base64 -w0";
    private static final String PRIVATE_COMMAND = "openssl pkey -in key.pem -outform DER | tail -c 32 | base64 -w0";

    private static byte[] spki = {};
    private static byte[] pkcs8 = {};

    @BeforeAll
    static void make_a_pair_with_the_other_implementation() throws GeneralSecurityException {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        spki = pair.getPublic().getEncoded();
        pkcs8 = pair.getPrivate().getEncoded();
    }

    private static byte[] publicKey() {
        return Arrays.copyOfRange(spki, spki.length - 32, spki.length);
    }

    private static byte[] seed() {
        return Arrays.copyOfRange(pkcs8, pkcs8.length - 32, pkcs8.length);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Optional<KeyDefect> half(Half half, String text) {
        return KeyPair.diagnoseHalf(half, KeyText.of(text));
    }

    private static List<KeyDefect> pair(String publicKey, String privateKey) {
        return KeyPair.diagnose(Optional.of(KeyText.of(publicKey)), Optional.of(KeyText.of(privateKey)));
    }

    @Test
    void a_good_pair() {
        assertThat(pair(base64(publicKey()), base64(seed()))).isEmpty();
        assertThat(pair(base64(publicKey()).replace("=", ""), base64(seed()))).isEmpty();
    }

    @Test
    void halves_that_do_not_belong_together() {
        assertThat(pair(base64(seed()), base64(publicKey())))
                .containsExactly(new KeyDefect(
                        Half.PRIVATE,
                        Kind.SWAPPED,
                        "is swapped with the public half",
                        "exchange the two; make a new pair if anybody could read the public half"));
        assertThat(pair(base64(publicKey()), base64(publicKey())))
                .containsExactly(new KeyDefect(
                        Half.PRIVATE,
                        Kind.SAME_TEXT,
                        "holds the same text as the public half",
                        "put the public key under the one name and the private key under the other"));
        assertThat(pair(base64(publicKey()), base64(new byte[32])))
                .containsExactly(new KeyDefect(
                        Half.PRIVATE,
                        Kind.MISMATCH,
                        "does not derive the public half: the two are of different pairs",
                        "take both halves from one key file"));
    }

    @Test
    void each_half_is_told_alone_and_an_absent_one_is_passed_over() {
        assertThat(pair("null", "")).extracting(KeyDefect::kind).containsExactly(Kind.NULL_LITERAL, Kind.EMPTY);
        assertThat(KeyPair.diagnose(Optional.empty(), Optional.of(KeyText.of("null"))))
                .extracting(KeyDefect::half)
                .containsExactly(Half.PRIVATE);
        assertThat(KeyPair.diagnose(Optional.empty(), Optional.empty())).isEmpty();
    }

    @Test
    void a_vault_reference_is_for_the_pod_to_resolve() {
        assertThat(pair("vault:secret/x#public", "vault:secret/x#private")).isEmpty();
        assertThat(KeyText.of("vault:x").isVaultReference()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void empty(String text) {
        assertThat(half(Half.PUBLIC, text))
                .contains(
                        new KeyDefect(Half.PUBLIC, Kind.EMPTY, "is empty", "put the base64 of the 32 key bytes there"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "null\n", "\"null\""})
    void the_text_null(String text) {
        assertThat(half(Half.PUBLIC, text))
                .contains(new KeyDefect(
                        Half.PUBLIC,
                        Kind.NULL_LITERAL,
                        "is the text null, which jq prints for a name that the JSON does not have",
                        "read .publicKey and .privateKey of the key script's output"));
    }

    @Test
    void der_forms() {
        assertThat(half(Half.PUBLIC, base64(spki)))
                .contains(new KeyDefect(
                        Half.PUBLIC,
                        Kind.SPKI,
                        "decodes to 44 bytes: the public key in its DER form X.509 (SPKI), not the bare key",
                        "take the last 32 bytes: tail -c 32"));
        assertThat(half(Half.PRIVATE, base64(pkcs8)))
                .contains(new KeyDefect(
                        Half.PRIVATE,
                        Kind.PKCS8,
                        "decodes to 48 bytes: the private key in its DER form PKCS#8, not the bare key",
                        "take the last 32 bytes: tail -c 32"));
        assertThat(half(Half.PRIVATE, base64(spki)))
                .contains(new KeyDefect(
                        Half.PRIVATE,
                        Kind.SPKI,
                        "decodes to 44 bytes: the public key in its DER form X.509 (SPKI), and the wrong half",
                        PRIVATE_COMMAND));
    }

    @Test
    void seed_and_public_key_together() {
        var both = Arrays.copyOf(seed(), 64);
        System.arraycopy(publicKey(), 0, both, 32, 32);
        assertThat(half(Half.PRIVATE, base64(both)))
                .contains(new KeyDefect(
                        Half.PRIVATE,
                        Kind.SEED_AND_PUBLIC,
                        "decodes to 64 bytes: the seed with the public key behind it",
                        "take the first 32 bytes"));
    }

    @Test
    void other_lengths() {
        assertThat(half(Half.PUBLIC, base64(new byte[31])))
                .contains(new KeyDefect(Half.PUBLIC, Kind.WRONG_LENGTH, "decodes to 31 bytes, not 32", PUBLIC_COMMAND));
        assertThat(half(Half.PUBLIC, base64(new byte[44])).map(KeyDefect::kind)).contains(Kind.WRONG_LENGTH);
    }

    @Test
    void other_encodings() {
        var pem = "-----BEGIN PRIVATE KEY-----\n" + base64(pkcs8) + "\n-----END PRIVATE KEY-----\n";
        assertThat(half(Half.PRIVATE, pem))
                .contains(new KeyDefect(Half.PRIVATE, Kind.PEM, "is a PEM file, not the bare key", PRIVATE_COMMAND));
        assertThat(half(Half.PUBLIC, HexFormat.of().formatHex(publicKey())))
                .contains(new KeyDefect(
                        Half.PUBLIC, Kind.HEX, "is hexadecimal, not base64", "encode the same 32 bytes in base64"));
        assertThat(half(Half.PUBLIC, base64(base64(publicKey()).getBytes(StandardCharsets.US_ASCII))))
                .contains(new KeyDefect(
                        Half.PUBLIC,
                        Kind.BASE64_TWICE,
                        "is base64 twice over, once more than Kubernetes undoes",
                        "put the base64 text under stringData, or encode it once for data"));
        var urlSafe = Base64.getUrlEncoder().encodeToString(HexFormat.of().parseHex("ff".repeat(32)));
        assertThat(half(Half.PUBLIC, urlSafe))
                .contains(new KeyDefect(
                        Half.PUBLIC,
                        Kind.URL_SAFE_ALPHABET,
                        "is in the URL-safe base64 alphabet, which the SV app's decoder refuses",
                        "write + for - and / for _"));
        assertThat(half(Half.PUBLIC, "ä".repeat(32)))
                .contains(new KeyDefect(
                        Half.PUBLIC, Kind.RAW_BYTES, "holds raw bytes, not text", "store the base64 of the 32 bytes"));
        assertThat(half(Half.PUBLIC, "(not a key)"))
                .contains(new KeyDefect(Half.PUBLIC, Kind.NOT_BASE64, "is not base64", PUBLIC_COMMAND));
        assertThat(half(Half.PUBLIC, "(".repeat(100_000)))
                .contains(new KeyDefect(Half.PUBLIC, Kind.NOT_BASE64, "is far too long for a key", PUBLIC_COMMAND));
    }

    @ParameterizedTest
    @EnumSource(Half.class)
    void line_breaks(Half half) {
        var text = base64(publicKey());
        for (var broken : List.of(text + "\n", " " + text, text.substring(0, 20) + "\n" + text.substring(20))) {
            assertThat(half(half, broken))
                    .contains(new KeyDefect(
                            half,
                            Kind.LINE_BREAK,
                            "has a line break or blank in it, which the SV app's decoder refuses",
                            "store it without: base64 -w0, and echo -n or printf %s"));
        }
    }

    @Test
    void no_defect_tells_anything_of_the_key() {
        for (var text :
                List.of(base64(pkcs8), base64(seed()) + "\n", HexFormat.of().formatHex(seed()))) {
            assertThat(pair(text, text).toString())
                    .doesNotContain(text.strip(), base64(seed()), HexFormat.of().formatHex(seed()));
        }
        assertThat(KeyHalf.read(Half.PRIVATE, KeyText.of(base64(seed()))).toString())
                .isEqualTo("KeyHalf[Optional.empty]");
    }
}
