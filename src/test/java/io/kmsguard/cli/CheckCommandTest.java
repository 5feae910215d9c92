// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CheckCommandTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private static String text(String fixture) throws IOException {
        return Files.readString(Path.of(Cli.fixture(fixture)));
    }

    private static JsonNode json(Cli cli) {
        return JSON.readTree(cli.out());
    }

    @Test
    void has_nothing_to_judge_in_other_objects() {
        Cli.check("web-ui.yaml")
                .says(0, "Nothing to judge: no participant, SV app or governance key Secret in 1 object.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  \n\n"})
    void does_not_pass_where_standard_input_was_empty(String nothing) {
        Cli.checkText(nothing, "-")
                .says(
                        2,
                        "error    stdin: standard input was empty: did the command before it fail? Nothing was judged.",
                        "Nothing to judge: no participant, SV app or governance key Secret in 0 objects. 1 error.");
    }

    @Test
    void does_not_pass_where_what_is_required_was_not_judged() {
        assertThat(Cli.check("participant-without-kms.yaml", "--require", "participant")
                        .exitCode())
                .isZero();
        var cli = Cli.check("participant-without-kms.yaml", "--require", "participant,sv-app,mediator");
        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.err()).isEqualTo("""
                        kms-guard: No sv-app was judged, and --require asks for one.
                        kms-guard: No mediator was judged, and --require asks for one.
                        """);
        assertThat(Cli.check("web-ui.yaml", "--require", "particpant").err())
                .contains("'--require' (ROLE): particpant is none of participant, sv-app, validator-app, sequencer,"
                        + " mediator; did you mean participant?");
    }

    @Test
    void a_refusal_is_told_before_what_is_missing() {
        assertThat(Cli.check("participant.yaml", "sv-without-flag.yaml", "--require", "mediator")
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void does_not_pass_where_a_folder_has_no_manifest() throws IOException {
        Files.writeString(folder.resolve("values.txt"), "a: b");
        Cli.check(folder.toString())
                .says(
                        2,
                        "error    " + folder + ": this folder has no .yaml, .yml or .json file that could be read.",
                        "Nothing to judge: no participant, SV app or governance key Secret in 0 objects. 1 error.");
    }

    @Test
    void passes_with_warnings_unless_they_shall_fail() {
        assertThat(Cli.check("participant.yaml").exitCode()).isZero();
        assertThat(Cli.check("participant.yaml", "--fail-on", "warn").exitCode())
                .isEqualTo(1);
        assertThat(Cli.check("participant-without-kms.yaml", "--fail-on", "warn")
                        .exitCode())
                .isZero();
    }

    @Test
    void judges_a_review_that_deletes_the_secret_of_an_sv_app() throws IOException {
        var secret = """
                apiVersion: v1
                kind: Secret
                metadata: {name: splice-app-sv-cometbft-governance-key, namespace: sv}
                stringData: {a: b}
                """;
        var old = Files.writeString(folder.resolve("old.yaml"), secret);
        var deletion = """
                ---
                apiVersion: admission.k8s.io/v1
                kind: AdmissionReview
                request:
                  uid: u
                  kind: {group: "", version: v1, kind: Secret}
                  namespace: sv
                  operation: DELETE
                  oldObject:
                %s
                """.formatted(secret.indent(4));
        var cli = Cli.checkText(
                text("sv-with-flag.yaml") + deletion, "-", "-n", "sv", "-o", "json", "--old", old.toString());
        assertThat(cli.exitCode()).isEqualTo(1);
        var result = json(cli).at("/results/1");
        assertThat(result.path("kind").asString()).isEqualTo("Secret");
        assertThat(result.path("decision").asString()).isEqualTo("deny");
        assertThat(result.at("/findings/0/rule").asString()).isEqualTo("governance-key-in-use");
        assertThat(result.path("findings").size()).isEqualTo(1);
    }

    @Test
    void puts_a_denial_before_bad_input() {
        assertThat(Cli.check("absent.yaml", "participant.yaml").exitCode()).isEqualTo(2);
        assertThat(Cli.check("absent.yaml", "participant.yaml", "sv-without-flag.yaml")
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void counts_bad_input_of_the_state_before_as_bad_input() {
        var cli = Cli.check("participant-without-kms.yaml", "--old", "absent.yaml");
        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.out()).contains("error    src/test/resources/check/absent.yaml: there is no such file.\n");
    }

    @Test
    void reads_standard_input_where_nothing_is_named() throws IOException {
        var cli = Cli.checkText(text("participant.yaml"));
        assertThat(cli.out()).startsWith("WARNING  Deployment sv/participant (participant)  stdin:11\n");
        assertThat(json(Cli.checkText(text("participant.yaml"), "-o", "json"))
                        .at("/results/0/source/file")
                        .asString())
                .isEqualTo("-");
    }

    @Test
    void asks_for_input_on_a_terminal() {
        var cli = Cli.run("", Map.of(), new Terminals(true, true, true), "check");
        assertThat(cli.err())
                .isEqualTo("kms-guard: name files or folders, or - for standard input\nTry: kms-guard check --help\n");
        assertThat(cli.exitCode()).isEqualTo(2);
    }

    @Test
    void refuses_standard_input_as_both_states() {
        var cli = Cli.checkText("", "-", "--old", "-");
        assertThat(cli.err()).startsWith("kms-guard: standard input can be the old or the new state, not both\n");
        assertThat(cli.exitCode()).isEqualTo(2);
    }

    @Test
    void puts_objects_without_a_namespace_where_it_is_told() throws IOException {
        var input = text("participant.yaml").replace("  namespace: sv\n", "");
        assertThat(json(Cli.checkText(input, "-o", "json"))
                        .at("/results/0/namespace")
                        .asString())
                .isEqualTo("default");
        assertThat(json(Cli.checkText(input, "-o", "json", "-n", "mine"))
                        .at("/results/0/namespace")
                        .asString())
                .isEqualTo("mine");
    }

    @Test
    void keeps_what_is_only_in_the_state_before_in_the_world() {
        var alone = Cli.check("sv-without-flag.yaml");
        assertThat(alone.exitCode()).isZero();
        var beside = Cli.check("sv-without-flag.yaml", "--old", "participant.yaml");
        assertThat(beside.exitCode()).isEqualTo(1);
        assertThat(json(Cli.check("sv-without-flag.yaml", "--old", "participant.yaml", "-o", "json"))
                        .get("results"))
                .hasSize(1);
    }

    @Test
    void judges_the_object_of_a_review_against_its_old_object() throws IOException {
        var review =
                JSON.createObjectNode().put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        var request = review.putObject("request").put("uid", "u").put("operation", "UPDATE");
        request.set("object", object("participant-without-kms.yaml"));
        request.set("oldObject", object("participant.yaml"));
        var cli = Cli.checkText(review.toString(), "-o", "json");
        assertThat(json(cli).at("/results/0/findings/0/rule").asString()).isEqualTo("kms-migration");
        assertThat(cli.exitCode()).isEqualTo(1);
    }

    private static JsonNode object(String fixture) throws IOException {
        return io.kmsguard.admission.ManifestReader.read(fixture, text(fixture)).manifests().stream()
                .filter(manifest -> manifest.kind().equals("Deployment"))
                .findFirst()
                .orElseThrow()
                .object();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{}",
                "[]",
                "text",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"}",
                "{\"apiVersion\":\"admission.k8s.io/v9\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"u\"}}",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{}}",
                "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\"},\"spec\":7}",
            })
    void says_where_bad_input_is_and_judges_the_rest(String bad) throws IOException {
        var cli = Cli.checkText(
                text("participant-without-kms.yaml") + "---\n" + bad + "\n---\n# the end\n", "-o", "json");
        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.err()).isEmpty();
        assertThat(json(cli).at("/summary").toString())
                .isEqualTo(
                        "{\"workloads\":1,\"denied\":0,\"warned\":0,\"unseen\":0,\"allowed\":1,\"unrendered\":0,\"errors\":1}");
        assertThat(json(cli).at("/errors/0/file").asString()).isEqualTo("-");
        assertThat(json(cli).at("/errors/0/line").asInt()).isIn(19, 20);
    }

    @Test
    void says_the_same_of_the_same_input() {
        var args = new String[] {"participant.yaml", "sv-with-flag.yaml", "credentials.yaml", "broken.yaml"};
        assertThat(Cli.check(args)).isEqualTo(Cli.check(args));
    }

    @Test
    void colours_on_a_terminal_only_and_not_against_the_users_will() throws IOException {
        var input = text("participant.yaml");
        var terminal = new Terminals(false, true, false);
        assertThat(Cli.run(input, Map.of(), terminal, "check").out())
                .startsWith("\u001B[33;1mWARNING\u001B[0m  \u001B[1m");
        assertThat(Cli.run(input, Map.of("NO_COLOR", "1"), terminal, "check").out())
                .doesNotContain("\u001B");
        assertThat(Cli.run(input, Map.of("TERM", "dumb"), terminal, "check").out())
                .doesNotContain("\u001B");
        assertThat(Cli.run(input, Map.of(), Terminals.NONE, "check").out()).doesNotContain("\u001B");
    }

    @Test
    void keeps_prose_within_the_terminal_and_commands_whole() throws IOException {
        var out = Cli.run(
                        text("participant.yaml") + text("sv-with-flag.yaml") + "---\n"
                                + text("secret-as-the-guide-makes-it.yaml"),
                        Map.of("NO_COLOR", "1", "COLUMNS", "72"),
                        new Terminals(false, true, false),
                        "check")
                .out();
        assertThat(out.lines().filter(line -> line.length() > 72))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("    Fix: "));
    }

    @Test
    void reads_a_folder() throws IOException {
        Files.writeString(folder.resolve("b.yaml"), text("sv-without-flag.yaml"));
        Files.writeString(folder.resolve("a.yaml"), text("participant.yaml"));
        var results = json(Cli.run("check", "-o", "json", folder.toString())).get("results");
        assertThat(results)
                .extracting(result -> result.at("/name").asString())
                .containsExactly("participant", "sv-app");
    }
}
