// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Keys;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Fresh key pairs in the place of the tokens that stand in goldens: no private key is in the repository. */
final class GoldenKeys {

    private final Keys keys = Keys.generate();
    private final Keys other = Keys.generate();
    private final Map<String, String> tokens = new LinkedHashMap<>();

    GoldenKeys() {
        var seed = Base64.getDecoder().decode(keys.privateKey());
        token("publicKey", keys.publicKey());
        token("privateKey", keys.privateKey());
        token("privateKeyAsHex", HexFormat.of().formatHex(seed));
        token("privateKeyTwice", Keys.twice(keys.privateKey()));
        token("privateKeyWithLineBreak", keys.privateKey() + "\n");
        token("zeroPublicKey", Keys.ofZeroSeed().publicKey());
        token("zeroPrivateKey", Keys.ofZeroSeed().privateKey());
        token("otherPublicKey", other.publicKey());
        token("otherPrivateKey", other.privateKey());
    }

    /** The text in place of {@code ${name}}, and its base64 in place of {@code ${name.data}} as {@code data} holds it. */
    private void token(String name, String text) {
        tokens.put("${" + name + "}", text);
        tokens.put("${" + name + ".data}", Keys.twice(text));
    }

    String fill(String text) {
        var filled = text;
        for (var token : tokens.entrySet()) {
            filled = filled.replace(token.getKey(), token.getValue());
        }
        return filled;
    }

    Keys keys() {
        return keys;
    }
}
