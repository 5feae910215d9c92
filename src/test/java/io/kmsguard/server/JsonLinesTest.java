// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonLinesTest {

    @Test
    void an_event_is_one_line_with_its_own_keys() {
        var line = line(() -> LoggerFactory.getLogger("io.kmsguard.test")
                .atInfo()
                .addKeyValue("rules", List.of("a", "b"))
                .addKeyValue("milliseconds", 7)
                .addKeyValue("dryRun", true)
                .addKeyValue("object", Path.of("x\n\"y\""))
                .addKeyValue("level", "of the caller's choice")
                .log("decided"));
        assertThat(line.path("time").asString()).endsWith("Z");
        assertThat(line.path("level").asString()).isEqualTo("INFO");
        assertThat(line.path("logger").asString()).isEqualTo("io.kmsguard.test");
        assertThat(line.path("message").asString()).isEqualTo("decided");
        assertThat(line.path("rules").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(line.path("milliseconds").isNumber()).isTrue();
        assertThat(line.path("dryRun").isBoolean()).isTrue();
        assertThat(line.path("object").asString()).isEqualTo("x\n\"y\"");
    }

    @Test
    void of_a_throwable_only_the_place_is_told() {
        var secret = new NumberFormatException("For input string: \"hunter2\"");
        var line = line(() -> LoggerFactory.getLogger("io.kmsguard.test")
                .atError()
                .setCause(new IllegalStateException(secret))
                .log("failed"));
        var error = line.path("error").toString();
        assertThat(line.toString()).doesNotContain("hunter2");
        assertThat(error)
                .startsWith("[\"java.lang.IllegalStateException\",\"at io.kmsguard.server.JsonLinesTest.")
                .contains("\"caused by java.lang.NumberFormatException\",\"at io.kmsguard.server.JsonLinesTest.");
    }

    private static JsonNode line(Runnable logging) {
        try (var log = new CapturedLog()) {
            logging.run();
            var event = log.events().get(0);
            var text = new String(new JsonLines().encode(event), StandardCharsets.UTF_8);
            assertThat(text).endsWith("}\n").hasLineCount(1);
            return new JsonMapper().readTree(text);
        }
    }
}
