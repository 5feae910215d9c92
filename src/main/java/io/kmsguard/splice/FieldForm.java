// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import io.kmsguard.splice.CryptoFields.Form;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Judges the text of one field of a KMS block by its form, and finds the field that a misspelt one was to be. */
final class FieldForm {

    private static final Set<String> PLACEHOLDERS = Set.of(
            "LOCATION_ID", "PROJECT_ID", "KEY_RING_ID", "KEYRING_ID", "REGION", "AWS_REGION", "CHANGEME", "TODO");
    private static final Set<String> FLAGS = Set.of("true", "false");
    private static final Set<String> FLAGS_AS_THEY_ARE = Set.of("yes", "no", "on", "off");
    private static final Pattern FILL_IN = Pattern.compile("<.*>|YOUR[-_ ].*|\\[.*]");
    private static final Pattern AWS_REGION = Pattern.compile("[a-z]{2,4}(-[a-z]+)+-\\d{1,2}");
    private static final Pattern GCP_LOCATION = Pattern.compile("[a-z]+(-[a-z]+)*\\d{0,2}");
    private static final Pattern GCP_PROJECT =
            Pattern.compile("(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|\\d{4,20}");
    private static final Pattern GCP_KEY_RING = Pattern.compile("[A-Za-z0-9_-]{1,63}");
    private static final int MAX_EDITS = 2;

    private FieldForm() {}

    /** What is wrong with a text, as a clause, and the remedy. */
    record Flaw(String text, String remedy) {}

    static Optional<Flaw> flaw(Form form, String text) {
        if (text.isBlank()) {
            return Optional.of(new Flaw("is empty", "write the real value"));
        }
        if (form != Form.TEXT && form != Form.FLAG && isPlaceholder(text)) {
            return Optional.of(new Flaw("is still the placeholder " + text, "write the real value"));
        }
        return switch (form) {
            case FLAG ->
                flawUnless(
                        FLAGS.contains(text.toLowerCase(Locale.ROOT)) || FLAGS_AS_THEY_ARE.contains(text),
                        "is neither true nor false",
                        "write true or false");
            case AWS_REGION ->
                flawUnless(AWS_REGION.matcher(text).matches(), "is no AWS region", "write one such as us-east-1");
            case GCP_LOCATION ->
                flawUnless(
                        GCP_LOCATION.matcher(text).matches(),
                        "is no Google Cloud location",
                        "write one such as us-east1, europe or global");
            case GCP_PROJECT ->
                flawUnless(
                        GCP_PROJECT.matcher(text).matches(),
                        "is no Google Cloud project ID",
                        "write the ID: 6 to 30 lower-case letters, digits and hyphens");
            case GCP_KEY_RING ->
                flawUnless(
                        GCP_KEY_RING.matcher(text).matches(),
                        "is no key ring name",
                        "write the name alone: up to 63 letters, digits, _ and -");
            case TEXT, BLOCK, ANY -> Optional.empty();
        };
    }

    private static Optional<Flaw> flawUnless(boolean good, String text, String remedy) {
        return good ? Optional.empty() : Optional.of(new Flaw(text, remedy));
    }

    private static boolean isPlaceholder(String text) {
        return PLACEHOLDERS.contains(text) || FILL_IN.matcher(text).matches();
    }

    /** The known name that was most likely meant. */
    static Optional<String> meant(String written, List<String> known) {
        var kebab = kebab(written);
        if (known.contains(kebab)) {
            return Optional.of(kebab);
        }
        if (written.length() > 40) {
            return Optional.empty();
        }
        var best = Optional.<String>empty();
        var fewest = MAX_EDITS + 1;
        for (var name : known) {
            var edits = Suggestion.distance(kebab, name);
            if (edits < fewest) {
                fewest = edits;
                best = Optional.of(name);
            }
        }
        return best;
    }

    /** {@code multiRegionKey}, {@code Multi_Region_Key} and the like as Canton spells them. */
    private static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
    }
}
