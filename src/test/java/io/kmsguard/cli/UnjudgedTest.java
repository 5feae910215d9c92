// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What has to do with Splice and cannot be judged is said, in every form. */
class UnjudgedTest {

    private static final String WORKFLOW = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: once, namespace: sv}
            spec:
              templates:
              - name: main
                container: {name: participant, image: "registry.example/canton-participant:0.7.3"}
            """;

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: participant-1
              namespace: sv
              ownerReferences: [{kind: ReplicaSet, name: participant-7d, controller: true}]
            spec:
              containers:
              - {name: participant, image: "registry.example/canton-participant:0.7.3"}
            """;

    private static final String HELM_RELEASE = """
            apiVersion: helm.toolkit.fluxcd.io/v2
            kind: HelmRelease
            metadata: {name: participant, namespace: flux}
            spec:
              targetNamespace: sv
              chart: {spec: {chart: splice-participant, version: 0.7.3}}
            """;

    private static Cli run(String in, String... args) {
        return Cli.run(in, Map.of(), Terminals.NONE, args);
    }

    private static Cli check(String in, String... args) {
        return run(in, Stream.concat(Stream.of("check"), Stream.of(args)).toArray(String[]::new));
    }

    @Test
    void a_pod_where_no_kind_has_it_is_named_with_its_place() {
        check(WORKFLOW)
                .says(
                        0,
                        "not judged  stdin:1: Workflow sv/once runs participant at /spec/templates/0/container, and pods of this"
                                + " kind are not looked at there; what is judged has its pod at spec.template.",
                        "Nothing to judge: no participant, SV app or governance key Secret in 1 object. 1 not judged.");
    }

    @Test
    void what_another_object_made_is_named_unless_that_is_given() {
        assertThat(check(POD).out())
                .startsWith(
                        "not judged  stdin:1: Pod sv/participant-1 runs participant for ReplicaSet sv/participant-7d,"
                                + " which made it and is not here; give that.\n");
        assertThat(check(POD + """
                        ---
                        apiVersion: apps/v1
                        kind: ReplicaSet
                        metadata: {name: participant-7d, namespace: sv}
                        spec: {template: {spec: {containers: [{name: participant, image: canton-participant:0.7.3}]}}}
                        """).out()).doesNotContain("not judged");
    }

    @Test
    void a_chart_that_is_not_rendered_is_named_with_what_renders_it() {
        assertThat(check(HELM_RELEASE).out())
                .startsWith(
                        "not judged  stdin:1: HelmRelease flux/participant renders chart splice-participant, of which"
                                + " nothing is here; render it first: helm template participant REPOSITORY/splice-participant"
                                + " --version 0.7.3 -n sv -f VALUES | kms-guard check -n sv - (VALUES: a file with its"
                                + " spec.values).\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: sv}, spec: {source: {chart: splice-sv-node}}}",
                "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: sv}, spec: {sources: [{path: values},"
                        + " {path: charts/splice-sv-node}]}}",
                "{apiVersion: argoproj.io/v1alpha1, kind: ApplicationSet, metadata: {name: sv}, spec: {template: {spec:"
                        + " {source: {chart: splice-sv-node}}}}}",
                "{apiVersion: helm.cattle.io/v1, kind: HelmChart, metadata: {name: sv}, spec: {chart:"
                        + " \"oci://registry.example/charts/splice-sv-node\"}}",
                "{apiVersion: helm.toolkit.fluxcd.io/v2beta1, kind: HelmRelease, metadata: {name: sv}, spec: {chartRef:"
                        + " {kind: OCIRepository, name: splice-sv-node}}}"
            })
    void every_maker_of_a_splice_chart_is_one(String manifest) {
        var report = JsonMapper.shared().readTree(check(manifest, "-o", "json").out());
        assertThat(report.at("/summary/unrendered").intValue()).isEqualTo(1);
        assertThat(report.at("/unjudged/0/reason").asString()).isEqualTo("unrendered");
        assertThat(report.at("/unjudged/0/message").asString()).startsWith("renders chart splice-sv-node, ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: db}, spec: {chart: {spec: {chart:"
                        + " postgresql}}}}",
                "{apiVersion: example.com/v1, kind: HelmRelease, metadata: {name: sv}, spec: {chart: {spec: {chart:"
                        + " splice-sv-node}}}}",
                "{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: w}, spec: {templates: [{container:"
                        + " {image: alpine}}]}}",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {containers: participant}}"
            })
    void what_has_nothing_to_do_with_splice_is_none(String manifest) {
        assertThat(check(manifest).out()).doesNotContain("not judged");
    }

    /** A command that is copied must hold no more than what it says. */
    @Test
    void a_name_that_is_no_word_comes_into_no_command() {
        assertThat(check(HELM_RELEASE.replace("0.7.3", "\"0.7.3; rm -rf /\"")).out())
                .contains("--version VERSION -n sv")
                .doesNotContain("rm -rf");
    }

    @ParameterizedTest
    @CsvSource({"deny, 0", "warn, 0", "unseen, 0", "unrendered, 1"})
    void it_fails_a_check_that_asks_for_it(String failOn, int exitCode) {
        for (var manifest : List.of(WORKFLOW, POD, HELM_RELEASE)) {
            assertThat(check(manifest, "--fail-on", failOn).exitCode()).isEqualTo(exitCode);
        }
        assertThat(check(HELM_RELEASE, "--require", "participant").exitCode()).isEqualTo(2);
    }

    @Test
    void it_is_in_every_form() throws IOException {
        var json = check(HELM_RELEASE + "---\n" + WORKFLOW, "-o", "json").out();
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("docs", "check-report.schema.json")), InputFormat.JSON);
        assertThat(schema.validate(json, InputFormat.JSON)).isEmpty();
        assertThat(JsonMapper.shared().readTree(json).path("unjudged").findValuesAsString("reason"))
                .containsExactly("unrendered", "elsewhere");
        var sarif = check(WORKFLOW, "-o", "sarif").out();
        assertThat(Sarif.errors(sarif)).isEmpty();
        assertThat(JsonMapper.shared()
                        .readTree(sarif)
                        .at("/runs/0/invocations/0/toolExecutionNotifications/0/level")
                        .asString())
                .isEqualTo("warning");
        assertThat(check(WORKFLOW, "-o", "junit").out())
                .contains("failures=\"0\" errors=\"0\" skipped=\"1\"", "<skipped message=\"Workflow sv/once runs");
        assertThat(check(WORKFLOW, "-o", "junit", "--fail-on", "unrendered").out())
                .contains(
                        "failures=\"1\" errors=\"0\" skipped=\"0\"",
                        "<failure type=\"input\" message=\"Workflow sv/once");
    }

    @Test
    void it_is_a_gap_of_an_audit_and_told_by_explain_and_effective() {
        var told = "Workflow sv/once (stdin:1) runs participant at /spec/templates/0/container, ";
        var audit = run(WORKFLOW, "audit", "-");
        assertThat(audit.out()).contains("error    stdin:1: Workflow sv/once runs participant at ");
        assertThat(audit.exitCode()).isEqualTo(2);
        assertThat(run(WORKFLOW, "explain", "-").out()).contains("not judged: " + told);
        assertThat(run(WORKFLOW, "effective", "-").out()).contains("# not shown: " + told);
    }
}
