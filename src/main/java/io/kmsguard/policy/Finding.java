// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import io.kmsguard.splice.ObjectRef;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a rule reports of the object under review.
 *
 * @param rule the rule
 * @param ruleClass how bad this is; mostly the rule's own class
 * @param ground what it rests on
 * @param key tells two findings of one rule on one object apart, and finds the same one before and after a change
 * @param message one sentence without a period that names container, field and key; never a secret's value
 * @param fix the way out: the exact command or values key
 * @param path where it is in the object, as a JSON pointer; empty for the object as a whole
 */
public record Finding(
        RuleInfo rule, RuleClass ruleClass, Ground ground, String key, String message, String fix, String path) {

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]+");

    /** Words that come from a manifest may hold line breaks and what moves a terminal's cursor; what an operator reads is one line. */
    public Finding {
        message = oneLine(message);
        fix = oneLine(fix);
    }

    private static String oneLine(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return UNPRINTABLE.matcher(text).replaceAll(" ");
            }
        }
        return text;
    }

    /** Of ASCII, and to be seen: nearly every text, and told sooner than by the pattern. */
    private static boolean isPlain(char character) {
        return character >= ' ' && character <= '~';
    }

    /** What a finding rests on, and so how sure it is. */
    public enum Ground {
        /** What was seen, in the object or around it. */
        SEEN,
        /** Something that is not there. In a dry run, or over files, it may only not have been seen yet. */
        ABSENT,
        /** Something that could not be read: never fine, but not proven. */
        UNKNOWN,
        /** Nothing wrong yet: what the next object will need. Never refused. */
        NOTICE
    }

    /** A finding that rests on what was seen, as bad as its rule. */
    public static Finding seen(RuleInfo rule, String key, String message, String fix, String path) {
        return new Finding(rule, rule.ruleClass(), Ground.SEEN, key, message, fix, path);
    }

    /** The same finding on another ground. */
    public Finding on(Ground other) {
        return new Finding(rule, ruleClass, other, key, message, fix, path);
    }

    /** The same finding, more or less bad than its rule. */
    public Finding as(RuleClass other) {
        return new Finding(rule, other, ground, key, message, fix, path);
    }

    /**
     * The same finding as one on an object from which the workload that has it takes configuration.
     *
     * @param workload which one
     * @param remedy what to do with that object; empty where the finding's own remedy holds
     */
    public Finding atNextStartOf(ObjectRef workload, Optional<String> remedy) {
        return new Finding(
                rule,
                ruleClass,
                ground,
                workload + " " + key,
                "at the next start of " + workload + ": " + message,
                remedy.orElse(fix),
                "/data");
    }

    /** Whether both are the same defect, perhaps at different times. */
    boolean isSameDefectAs(Finding other) {
        return rule.id().equals(other.rule.id()) && key.equals(other.key) && ruleClass == other.ruleClass;
    }
}
