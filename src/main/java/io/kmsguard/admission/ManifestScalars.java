// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/**
 * What a plain YAML scalar means to Kubernetes, whose parser (sigs.k8s.io/yaml, goyaml.v2) reads YAML 1.1: {@code yes},
 * {@code on} and {@code y} are booleans, {@code 0777} is octal, sexagesimals and dates are text.
 */
final class ManifestScalars {

    private static final Map<String, JsonNode> WORDS = words();
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern INTEGER =
            Pattern.compile("([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))");

    /** Longer digits are no number that Kubernetes has a field for, and take their square to read. */
    private static final int MAX_DIGITS = 400;

    private ManifestScalars() {}

    /** The value; empty for {@code .nan} and {@code .inf}, which JSON cannot say. */
    static Optional<JsonNode> plain(String text) {
        var word = WORDS.get(text);
        if (word != null) {
            return Optional.of(word);
        }
        if (isNumberLike(text)) {
            if (text.toLowerCase(Locale.ROOT).matches("[-+]?\\.inf|\\.nan")) {
                return Optional.empty();
            }
            var digits = text.replace("_", "");
            var number = digits.length() > MAX_DIGITS ? null : number(digits);
            if (number != null) {
                return Optional.of(number);
            }
        }
        return Optional.of(StringNode.valueOf(text));
    }

    private static boolean isNumberLike(String text) {
        var first = text.charAt(0);
        return (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
    }

    private static @org.jspecify.annotations.Nullable JsonNode number(String digits) {
        var factory = JsonNodeFactory.instance;
        var integer = INTEGER.matcher(digits);
        if (integer.matches()) {
            var value = integer(integer.group(2), 16)
                    .or(() -> integer(integer.group(3), 2))
                    .or(() -> integer(integer.group(4), 8))
                    .orElseGet(() -> new BigInteger(integer.group(5)));
            var signed = integer.group(1).equals("-") ? value.negate() : value;
            if (signed.bitLength() < 32) {
                return factory.numberNode(signed.intValue());
            }
            return signed.bitLength() < 64 ? factory.numberNode(signed.longValue()) : factory.numberNode(signed);
        }
        // JSON writes 1e3 and 1000.0 alike; a double is what goyaml.v2 makes of both.
        return FLOAT.matcher(digits).matches() ? factory.numberNode(new BigDecimal(digits).doubleValue()) : null;
    }

    private static Optional<BigInteger> integer(@org.jspecify.annotations.Nullable String digits, int radix) {
        return Optional.ofNullable(digits).map(d -> new BigInteger(d, radix));
    }

    private static Map<String, JsonNode> words() {
        var words = new HashMap<String, JsonNode>();
        for (var yes : new String[] {"y", "yes", "true", "on"}) {
            spellings(yes, BooleanNode.TRUE, words);
        }
        for (var no : new String[] {"n", "no", "false", "off"}) {
            spellings(no, BooleanNode.FALSE, words);
        }
        spellings("null", NullNode.getInstance(), words);
        words.put("", NullNode.getInstance());
        words.put("~", NullNode.getInstance());
        return words;
    }

    /** {@code yes}, {@code Yes}, {@code YES}: other mixtures are text. */
    private static void spellings(String word, JsonNode value, Map<String, JsonNode> words) {
        words.put(word, value);
        words.put(word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1), value);
        words.put(word.toUpperCase(Locale.ROOT), value);
    }
}
