// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of the guard that its pages for operators name are there, with the options that they name. */
class DocumentedCommandsTest {

    private static final Path DOCS = Path.of("docs");
    private static final Pattern COMMAND =
            Pattern.compile("kms-guard ((check|audit|explain|plan|keys) [^|`\\n();\\]]*)");

    static Stream<String> commands() throws IOException {
        try (var pages = Files.list(DOCS.resolve("rules"))) {
            var texts = Stream.concat(
                            Stream.of(DOCS.resolve("faq.md"), DOCS.resolve("audit.md"), DOCS.resolve("ci.md")),
                            pages.sorted())
                    .map(DocumentedCommandsTest::text)
                    .toList();
            return texts.stream()
                    .flatMap(text -> COMMAND.matcher(text).results())
                    .map(match -> match.group(1).strip())
                    .map(command -> command.replaceAll("[.,:]+$", "").replace("RULE", "kms-mode"))
                    .distinct()
                    .toList()
                    .stream();
        }
    }

    private static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void is_understood(String command) {
        var cli = Cli.run("", Map.of(), Terminals.NONE, command.split(" +"));
        assertThat(cli.err())
                .doesNotContain("Unknown option", "Unmatched argument", "there is no rule", "this is a bug");
    }
}
