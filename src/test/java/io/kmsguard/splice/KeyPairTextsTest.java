// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyPairTextsTest {

    private static final String SPKI = "302a300506032b6570032100";
    private static final String PKCS8 = "302e020100300506032b657004220420";

    private static byte[] der(String prefix, String text) {
        return HexFormat.of()
                .parseHex(prefix + HexFormat.of().formatHex(Base64.getDecoder().decode(text)));
    }

    @Test
    void a_new_pair_signs_and_verifies_with_another_implementation() throws GeneralSecurityException {
        var pair = KeyPairTexts.generate(new SecureRandom());
        var keys = KeyFactory.getInstance("Ed25519");
        var signature = Signature.getInstance("Ed25519");
        signature.initSign(keys.generatePrivate(new PKCS8EncodedKeySpec(der(PKCS8, pair.revealPrivateKey()))));
        signature.update((byte) 7);
        var signed = signature.sign();
        signature.initVerify(keys.generatePublic(new X509EncodedKeySpec(der(SPKI, pair.publicKey()))));
        signature.update((byte) 7);
        assertThat(signature.verify(signed)).isTrue();
    }

    @Test
    void a_new_pair_has_no_defect_and_is_never_the_same() {
        var random = new SecureRandom();
        var pairs =
                Stream.generate(() -> KeyPairTexts.generate(random)).limit(50).toList();
        assertThat(pairs).allSatisfy(pair -> assertThat(pair.defects()).isEmpty());
        assertThat(pairs.stream().map(KeyPairTexts::revealPrivateKey)).doesNotHaveDuplicates();
        assertThat(pairs.stream().map(KeyPairTexts::fingerprint)).doesNotHaveDuplicates();
    }

    @Test
    void takes_all_its_bytes_from_the_source_it_is_given() {
        var fixed = new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                for (var i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) (i + 1);
                }
            }
        };
        var expected = new byte[32];
        fixed.nextBytes(expected);
        assertThat(KeyPairTexts.generate(fixed).revealPrivateKey())
                .isEqualTo(Base64.getEncoder().encodeToString(expected));
    }

    @Test
    void tells_what_is_wrong_with_a_pair_that_was_there() {
        var pair = KeyPairTexts.generate(new SecureRandom());
        assertThat(new KeyPairTexts(/* publicKey= */ pair.revealPrivateKey(), /* privateKey= */ pair.publicKey())
                        .defects())
                .extracting(KeyDefect::kind)
                .containsExactly(KeyDefect.Kind.SWAPPED);
        assertThat(new KeyPairTexts("null", "null").fingerprint()).isEmpty();
    }

    @Test
    void prints_as_nothing() {
        assertThat(KeyPairTexts.generate(new SecureRandom())).hasToString("KeyPairTexts[hidden]");
    }
}
