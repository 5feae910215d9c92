// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code docs/ci.md} says to put into a pipeline, run as it stands there, with the real Helm. */
class PipelineTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path PAGE = Path.of("docs", "ci.md");
    private static final Path EXAMPLES = Path.of("examples");

    @TempDir
    private Path folder;

    private KubeAssets assets = new KubeAssets(Path.of(""));

    /** A checkout with two charts, and a path with the commands of the pipeline's image. */
    @BeforeEach
    void checkout() throws IOException {
        assets = KubeAssets.find();
        var bin = Files.createDirectories(folder.resolve("bin"));
        command(bin.resolve("helm"), "'%s'".formatted(assets.binary("helm4")));
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        command(
                bin.resolve("kms-guard"),
                "'%s' -XX:TieredStopAtLevel=1 -cp '%s' io.kmsguard.cli.Main".formatted(java, classPath()));
        Files.createDirectories(folder.resolve("values"));
        Files.writeString(folder.resolve("values").resolve("participant.yaml"), "{}\n");
        Files.writeString(folder.resolve("values").resolve("sv-app.yaml"), "{}\n");
    }

    private static void command(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\nexec " + line + " \"$@\"\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void charts(String example) throws IOException {
        chart("splice-participant", EXAMPLES.resolve(example).resolve("participant.yaml"));
        chart("splice-sv-node", EXAMPLES.resolve(example).resolve("sv-app.yaml"));
    }

    private void chart(String name, Path manifests) throws IOException {
        var chart = folder.resolve("charts").resolve(name);
        Files.createDirectories(chart.resolve("templates"));
        Files.writeString(chart.resolve("Chart.yaml"), "apiVersion: v2\nname: " + name + "\nversion: 0.7.4\n");
        Files.writeString(
                chart.resolve("templates").resolve("all.yaml"),
                Files.readString(manifests).replace("{{", "{{ \"{{\" }}"));
    }

    private static String block(String before, String language, int index) throws IOException {
        var text = Files.readString(PAGE);
        var from = text.indexOf(before);
        assertThat(from).as(before).isNotNegative();
        return Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```$")
                .matcher(text.substring(from))
                .results()
                .skip(index)
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    private static JsonNode yaml(String before, int index) throws IOException {
        return JSON.valueToTree(new Yaml().<Map<String, Object>>load(block(before, "yaml", index)));
    }

    private Ran shell(String shell, String script) throws IOException {
        var path = folder.resolve("bin") + File.pathSeparator + System.getenv("PATH");
        var env = Map.of("PATH", path, "HOME", folder.toString(), "NO_COLOR", "1");
        var command =
                List.of("/bin/sh", "-c", "cd \"$1\" && exec $2 -c \"$3\"", "sh", folder.toString(), shell, script);
        return Ran.run(folder, env, command);
    }

    private void assertEnded(Ran ran, int code) {
        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"sv-with-key, 0, 0", "sv-without-key, 1, 1"})
    void plain_shell_checks_what_helm_renders_and_leaves_a_report(String example, int code, int denied)
            throws IOException {
        charts(example);

        var ran = shell("sh", block("<!-- run: check -->", "sh", 0));

        assertEnded(ran, code);
        var report = JSON.readTree(Files.readString(folder.resolve("reports").resolve("check.json")));
        assertThat(report.at("/summary/denied").asInt(-1)).isEqualTo(denied);
        assertThat(ran.out()).doesNotContain("\u001b");
    }

    @Test
    void plain_shell_judges_the_change_against_the_state_before() throws IOException {
        for (var side : List.of("before", "after")) {
            var rendered = folder.resolve(side.equals("before") ? "rendered-before" : "rendered");
            Files.createDirectories(rendered);
            Files.copy(
                    EXAMPLES.resolve("forgotten-values").resolve(side + ".yaml"), rendered.resolve("participant.yaml"));
        }

        var ran = shell("sh", block("<!-- run: old -->", "sh", 0));

        assertEnded(ran, 1);
        assertThat(ran.out()).contains("kms-migration");
    }

    @Test
    void the_report_of_the_night_before_is_kept_for_the_next_one() throws IOException {
        Files.createDirectories(folder.resolve("reports"));

        // No cluster is configured here, so nothing was looked at, and nothing must be compared with it.
        var ran = shell("sh", block("<!-- run: audit -->", "sh", 0));

        assertEnded(ran, 2);
        assertThat(folder.resolve("reports").resolve("last.json")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"sv-with-key, 0", "sv-without-key, 1"})
    void the_check_of_gitlab_fails_and_still_leaves_what_is_uploaded(String example, int code) throws IOException {
        charts(example);
        var job = yaml("## GitLab CI", 0).path("check");
        var script =
                job.path("script").valueStream().map(line -> line.asString("")).toList();

        var ran = shell("sh -e", String.join("\n", script));

        assertEnded(ran, code);
        assertThat(job.at("/artifacts/when").asString("")).isEqualTo("always");
        assertThat(Files.readString(
                        folder.resolve(job.at("/artifacts/reports/junit").asString(""))))
                .contains("<testsuites");
    }

    @Test
    void the_stages_of_gitlab_are_those_of_its_jobs() throws IOException {
        var pipeline = yaml("## GitLab CI", 0);
        var stages = pipeline.path("stages")
                .valueStream()
                .map(stage -> stage.asString(""))
                .toList();
        var jobs = pipeline.properties().stream()
                .filter(entry -> entry.getValue().has("script"))
                .map(Map.Entry::getValue)
                .toList();

        assertThat(jobs).hasSize(2).allSatisfy(job -> {
            assertThat(job.path("stage").asString("")).isIn(stages);
            assertThat(job.path("rules"))
                    .isNotEmpty()
                    .allSatisfy(rule -> assertThat(rule.has("if")).isTrue());
        });
        assertThat(pipeline.at("/variables/NO_COLOR").asString("")).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({"sv-with-key, 0", "sv-without-key, 1"})
    void the_check_of_github_fails_and_still_leaves_what_is_uploaded(String example, int code) throws IOException {
        charts(example);
        var steps = yaml("## GitHub Actions", 0).at("/jobs/check/steps");
        var scripts = new ArrayList<String>();
        steps.forEach(step -> scripts.add(step.path("run").asString("")));

        var ran = shell("bash -e", String.join("\n", scripts));

        assertEnded(ran, code);
        var upload = steps.path(steps.size() - 1);
        assertThat(upload.path("if").asString("")).isEqualTo("success() || failure()");
        var sarif = JSON.readTree(
                Files.readString(folder.resolve(upload.at("/with/sarif_file").asString(""))));
        assertThat(sarif.path("version").asString("")).isEqualTo("2.1.0");
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void the_workflows_are_as_github_would_have_them(int index) throws IOException {
        var actionlint = Path.of(assets.binary("actionlint"));
        assumeTrue(
                Files.isExecutable(actionlint),
                "no actionlint: KUBEBUILDER_ASSETS has none (make one with .ci/kube-assets)");
        var workflow = Files.writeString(folder.resolve("workflow.yml"), block("## GitHub Actions", "yaml", index));

        var ran = Ran.run(
                folder,
                Map.of("NO_COLOR", "1"),
                List.of(actionlint.toString(), "-shellcheck=", "-pyflakes=", workflow.toString()));

        assertThat(ran.out() + ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
    }
}
