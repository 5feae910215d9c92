// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON that a person can read too: two spaces, and the same line ends on every system. */
final class PrettyJson {

    private static final JsonMapper JSON = new JsonMapper();
    private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");
    private static final ObjectWriter WRITER = JSON.writer()
            .with(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                            .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""))
                    .withObjectIndenter(INDENTER)
                    .withArrayIndenter(INDENTER))
            .without(StreamWriteFeature.AUTO_CLOSE_TARGET);

    private PrettyJson() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static String text(JsonNode tree) {
        return WRITER.writeValueAsString(tree);
    }

    /**
     * Writes piece by piece what is too large for one tree. Half a surrogate pair, which is no character, comes out as a
     * question mark and not as an error.
     *
     * @param out UTF-8; not closed with the generator
     */
    static JsonGenerator generator(PrintStream out) {
        return WRITER.createGenerator(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }
}
