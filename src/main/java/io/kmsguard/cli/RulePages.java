// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.policy.RuleInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The rules' own pages of docs/rules, as they are packed into the jar. */
final class RulePages {

    private RulePages() {}

    /** The page of a rule, in Markdown. */
    static String page(RuleInfo rule) {
        var path = "/io/kmsguard/" + rule.page();
        try (var page = RulePages.class.getResourceAsStream(path)) {
            if (page == null) {
                throw new IllegalStateException("no page at " + path);
            }
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The paragraph under the title of a page, as one line: what the rule catches, in a sentence. */
    static String lead(String page) {
        return page.split("\n\n", 3)[1].replace('\n', ' ');
    }
}
