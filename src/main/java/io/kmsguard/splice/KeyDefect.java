// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

/**
 * What is wrong with a CometBFT governance key. Holds nothing of the key itself.
 *
 * @param half which half it is about
 * @param kind what it is
 * @param text a clause after the half's name: {@code is empty}
 * @param remedy what to do, one line
 */
public record KeyDefect(Half half, Kind kind, String text, String remedy) {

    /** Which half of the pair; what is wrong with the two together is said of the private one. */
    public enum Half {
        PUBLIC("public"),
        PRIVATE("private");

        private final String id;

        Half(String id) {
            this.id = id;
        }

        /** For messages; also the name of the key in the Secret that the chart reads. */
        public String id() {
            return id;
        }
    }

    /** The mistakes that can be told apart. */
    public enum Kind {
        REFUSED_DATA,
        EMPTY,
        NULL_LITERAL,
        LINE_BREAK,
        PEM,
        HEX,
        RAW_BYTES,
        URL_SAFE_ALPHABET,
        BASE64_TWICE,
        NOT_BASE64,
        SPKI,
        PKCS8,
        SEED_AND_PUBLIC,
        WRONG_LENGTH,
        SAME_TEXT,
        SWAPPED,
        MISMATCH
    }
}
