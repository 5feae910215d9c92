// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import io.kmsguard.splice.KeyDefect.Half;
import io.kmsguard.splice.KeyDefect.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One half of a governance key: its 32 bytes, or what is wrong with its text.
 *
 * @param bytes the raw key where there is no defect; empty also for a {@code vault:} reference, which only the pod sees
 */
record KeyHalf(Optional<byte[]> bytes, Optional<KeyDefect> defect) {

    private static final int KEY_BYTES = 32;
    private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");
    private static final Pattern HEX = Pattern.compile("\\s*(0x)?[0-9A-Fa-f]{64}\\s*");
    private static final Pattern WHITE = Pattern.compile("\\s+");
    private static final int MAX_CHARACTERS = 10_000;

    static KeyHalf read(Half half, KeyText key) {
        var text = key.reveal();
        if (key.isVaultReference()) {
            return new KeyHalf(Optional.empty(), Optional.empty());
        }
        var odd = oddText(half, text, key.isRefused());
        if (odd.isPresent()) {
            return new KeyHalf(Optional.empty(), odd);
        }
        var bytes = decoded(text, Base64.getDecoder());
        if (bytes.isEmpty()) {
            return new KeyHalf(Optional.empty(), Optional.of(undecodable(half, text)));
        }
        return bytes.get().length == KEY_BYTES
                ? new KeyHalf(bytes, Optional.empty())
                : new KeyHalf(Optional.empty(), Optional.of(wrongLength(half, bytes.get())));
    }

    private static Optional<KeyDefect> oddText(Half half, String text, boolean refused) {
        if (refused) {
            return defect(
                    half,
                    Kind.REFUSED_DATA,
                    "is not base64 under data, so that the API server refuses the Secret",
                    "put the text under stringData, or encode it once more");
        }
        if (text.isBlank()) {
            return defect(half, Kind.EMPTY, "is empty", "put the base64 of the 32 key bytes there");
        }
        if (text.strip().equals("null") || text.strip().equals("\"null\"")) {
            return defect(
                    half,
                    Kind.NULL_LITERAL,
                    "is the text null, which jq prints for a name that the JSON does not have",
                    "read .publicKey and .privateKey of the key script's output");
        }
        if (text.contains("-----BEGIN")) {
            return defect(half, Kind.PEM, "is a PEM file, not the bare key", command(half));
        }
        if (HEX.matcher(text).matches()) {
            return defect(half, Kind.HEX, "is hexadecimal, not base64", "encode the same 32 bytes in base64");
        }
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c > 0x7e || (c < 0x20 && !Character.isWhitespace(c))) {
                return defect(half, Kind.RAW_BYTES, "holds raw bytes, not text", "store the base64 of the 32 bytes");
            }
        }
        return Optional.empty();
    }

    private static KeyDefect undecodable(Half half, String text) {
        var remedy = command(half);
        if (text.length() > MAX_CHARACTERS) {
            return new KeyDefect(half, Kind.NOT_BASE64, "is far too long for a key", remedy);
        }
        var joined = WHITE.matcher(text).replaceAll("");
        if (joined.length() < text.length()
                && decoded(joined, Base64.getDecoder()).isPresent()) {
            return new KeyDefect(
                    half,
                    Kind.LINE_BREAK,
                    "has a line break or blank in it, which the SV app's decoder refuses",
                    "store it without: base64 -w0, and echo -n or printf %s");
        }
        if (decoded(joined, Base64.getUrlDecoder()).isPresent()) {
            return new KeyDefect(
                    half,
                    Kind.URL_SAFE_ALPHABET,
                    "is in the URL-safe base64 alphabet, which the SV app's decoder refuses",
                    "write + for - and / for _");
        }
        return new KeyDefect(half, Kind.NOT_BASE64, "is not base64", remedy);
    }

    private static KeyDefect wrongLength(Half half, byte[] bytes) {
        var inner = decoded(new String(bytes, StandardCharsets.ISO_8859_1).strip(), Base64.getDecoder());
        if (inner.isPresent() && bytes.length > KEY_BYTES && inner.get().length >= KEY_BYTES) {
            return new KeyDefect(
                    half,
                    Kind.BASE64_TWICE,
                    "is base64 twice over, once more than Kubernetes undoes",
                    "put the base64 text under stringData, or encode it once for data");
        }
        if (startsWith(bytes, SPKI) && bytes.length == SPKI.length + KEY_BYTES) {
            return der(half, Half.PUBLIC, Kind.SPKI, bytes.length, "X.509 (SPKI)");
        }
        if (startsWith(bytes, PKCS8) && bytes.length == PKCS8.length + KEY_BYTES) {
            return der(half, Half.PRIVATE, Kind.PKCS8, bytes.length, "PKCS#8");
        }
        if (bytes.length == 2 * KEY_BYTES) {
            return new KeyDefect(
                    half,
                    Kind.SEED_AND_PUBLIC,
                    "decodes to 64 bytes: the seed with the public key behind it",
                    half == Half.PRIVATE ? "take the first 32 bytes" : "take the last 32 bytes");
        }
        return new KeyDefect(half, Kind.WRONG_LENGTH, "decodes to " + bytes.length + " bytes, not 32", command(half));
    }

    private static KeyDefect der(Half half, Half meant, Kind kind, int length, String form) {
        var text = "decodes to " + length + " bytes: the " + meant.id() + " key in its DER form " + form;
        return half == meant
                ? new KeyDefect(half, kind, text + ", not the bare key", "take the last 32 bytes: tail -c 32")
                : new KeyDefect(half, kind, text + ", and the wrong half", command(half));
    }

    private static String command(Half half) {
        var publicOnly = half == Half.PUBLIC ? " -pubout" : "";
        return "openssl pkey -in key.pem" + publicOnly + " -outform DER | tail -c 32 | base64 -w0";
    }

    private static Optional<KeyDefect> defect(Half half, Kind kind, String text, String remedy) {
        return Optional.of(new KeyDefect(half, kind, text, remedy));
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static Optional<byte[]> decoded(String text, Base64.Decoder decoder) {
        try {
            return Optional.of(decoder.decode(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "KeyHalf[" + defect + "]";
    }
}
