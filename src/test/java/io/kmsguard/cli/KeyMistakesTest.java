// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Keys;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every mistake that can be made with a governance key, of generated pairs, in {@code data} and in {@code stringData}:
 * exactly that mistake is told, and nothing of the private key.
 */
class KeyMistakesTest {

    private static final String SECRET = "splice-app-sv-cometbft-governance-key";
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SPKI = "302a300506032b6570032100";
    private static final String PKCS8 = "302e020100300506032b657004220420";

    static LongStream seeds() {
        var replay = Long.getLong("seed");
        return replay == null ? LongStream.range(0, 20) : LongStream.of(replay);
    }

    private enum Mistake {
        NULL("is the text null, which jq prints for a name that the JSON does not have"),
        EMPTY("is empty"),
        NOT_BASE64("is not base64"),
        DER_44("decodes to 44 bytes: the public key in its DER form X.509 (SPKI), and the wrong half"),
        DER_48("decodes to 48 bytes: the private key in its DER form PKCS#8, not the bare key"),
        SEED_AND_PUBLIC_64("decodes to 64 bytes: the seed with the public key behind it"),
        SHORT("decodes to 31 bytes, not 32"),
        PEM("is a PEM file, not the bare key"),
        HEX("is hexadecimal, not base64"),
        BASE64_TWICE("is base64 twice over, once more than Kubernetes undoes"),
        URL_SAFE("is in the URL-safe base64 alphabet, which the SV app's decoder refuses"),
        LINE_BREAK("has a line break or blank in it, which the SV app's decoder refuses"),
        WRAPPED("has a line break or blank in it, which the SV app's decoder refuses"),
        SAME("holds the same text as the public half"),
        SWAPPED("is swapped with the public half"),
        NOT_DERIVED("does not derive the public half: the two are of different pairs");

        private final String diagnosis;

        Mistake(String diagnosis) {
            this.diagnosis = diagnosis;
        }
    }

    private record Pair(String publicKey, String privateKey) {

        static Pair of(RandomGenerator random) {
            var seed = new byte[32];
            do {
                random.nextBytes(seed);
                // Only a key with one of these characters shows which alphabet it is in.
            } while (!base64(seed).matches(".*[+/].*"));
            var derived = new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey();
            return new Pair(base64(derived.getEncoded()), base64(seed));
        }

        byte[] seed() {
            return Base64.getDecoder().decode(privateKey);
        }

        byte[] point() {
            return Base64.getDecoder().decode(publicKey);
        }

        /** What stands under private by that mistake. */
        String mistaken(Mistake mistake, RandomGenerator random) {
            var text = privateKey;
            var cut = 1 + random.nextInt(text.length() - 2);
            return switch (mistake) {
                case NULL -> random.nextBoolean() ? "null" : "null\n";
                case EMPTY -> " ".repeat(random.nextInt(3));
                case NOT_BASE64 -> text.substring(0, cut) + "(" + text.substring(cut);
                case DER_44 -> base64(der(SPKI, point()));
                case DER_48 -> base64(der(PKCS8, seed()));
                case SEED_AND_PUBLIC_64 -> base64(joined(seed(), point()));
                case SHORT -> base64(Arrays.copyOf(seed(), 31));
                case PEM ->
                    "-----BEGIN PRIVATE KEY-----\n" + base64(der(PKCS8, seed())) + "\n-----END PRIVATE KEY-----\n";
                case HEX -> HexFormat.of().formatHex(seed());
                case BASE64_TWICE -> Keys.twice(text);
                case URL_SAFE -> Base64.getUrlEncoder().encodeToString(seed());
                case LINE_BREAK -> text + "\n";
                case WRAPPED -> text.substring(0, cut) + "\n" + text.substring(cut);
                case SAME, SWAPPED -> publicKey;
                case NOT_DERIVED -> of(random).privateKey();
            };
        }

        /** What stands under public. */
        String beside(Mistake mistake) {
            return mistake == Mistake.SWAPPED ? privateKey : publicKey;
        }
    }

    private static byte[] der(String prefix, byte[] key) {
        return joined(HexFormat.of().parseHex(prefix), key);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        var both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String secret(String publicKey, String privateKey, boolean asData) {
        var secret = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata").put("name", SECRET).put("namespace", "sv");
        var content = secret.putObject(asData ? "data" : "stringData");
        content.put("public", asData ? Keys.twice(publicKey) : publicKey);
        content.put("private", asData ? base64(privateKey.getBytes(StandardCharsets.UTF_8)) : privateKey);
        return secret.toString();
    }

    private static Cli run(String in, String... args) {
        return Cli.run(in, Map.of("KMS_GUARD_DEBUG", "1"), Terminals.NONE, args);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void each_is_told_exactly_and_nothing_of_the_key(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (var mistake : Mistake.values()) {
            var pair = Pair.of(random);
            var forms = new Keys(pair.publicKey(), pair.privateKey()).privateForms();
            var text = pair.mistaken(mistake, random);
            for (var asData : List.of(true, false)) {
                var secret = secret(pair.beside(mistake), text, asData);
                var verified = run(secret, "keys", "verify", "-");
                assertThat(verified.out().lines().filter(line -> line.startsWith("  governance-key-")))
                        .as(mistake + " in " + (asData ? "data" : "stringData"))
                        .containsExactly("  governance-key-format: key private " + mistake.diagnosis + ".");
                assertThat(verified.exitCode()).isEqualTo(1);
                var made = run(secret, "keys", "secret", "-");
                assertThat(made.err()).startsWith("kms-guard: stdin: the private key " + mistake.diagnosis + ". Fix: ");
                assertThat(made.out()).isEmpty();
                for (var cli : List.of(verified, made, run(secret, "check", "-"), run(secret, "plan", "-"))) {
                    assertThat(cli.exitCode()).isEqualTo(1);
                    assertThat(cli.out() + cli.err()).doesNotContain(forms).doesNotContain(unquoted(text));
                }
            }
        }
    }

    /** What a leak would show of it; the public key may be shown, and a text of nothing is in every text. */
    private static String unquoted(String text) {
        return text.strip().length() < 20 ? "\0" : text.strip();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_good_pair_is_good_and_a_text_that_no_api_server_takes_is_told(long seed) {
        var pair = Pair.of(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
        for (var asData : List.of(true, false)) {
            assertThat(run(secret(pair.publicKey(), pair.privateKey(), asData), "keys", "verify", "-")
                            .exitCode())
                    .isZero();
        }
        // As if data took the raw bytes' hexadecimal or anything else that is not base64.
        var raw = secret(pair.publicKey(), pair.privateKey(), true)
                .replace(Keys.twice(pair.privateKey()), "-" + pair.privateKey());
        assertThat(run(raw, "keys", "verify", "-").out())
                .contains(
                        "  governance-key-format: key private is not base64 under data, so that the API server refuses the"
                                + " Secret.\n");
    }

    @Test
    void a_raw_key_in_data_is_told() {
        var pair = Pair.of(RandomGeneratorFactory.of("L64X128MixRandom").create(1));
        // The base64 that data wants, and only that: what the SV app gets is 32 bytes and no text.
        var once = secret(pair.publicKey(), pair.privateKey(), true)
                .replace(Keys.twice(pair.privateKey()), pair.privateKey());
        assertThat(run(once, "keys", "verify", "-").out())
                .contains("  governance-key-format: key private holds raw bytes, not text.\n");
    }
}
