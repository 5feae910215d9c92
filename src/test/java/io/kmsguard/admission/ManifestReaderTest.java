// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestReaderTest {

    private static final String HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n";

    private static ManifestReader.Reading read(String text) {
        return ManifestReader.read("x.yaml", text);
    }

    private static Manifest only(String text) {
        var reading = read(text);
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.manifests()).hasSize(1);
        return reading.manifests().get(0);
    }

    private static void assertProblem(String text, int line, String message) {
        assertThat(read(text).manifests()).isEmpty();
        assertThat(read(text).problems()).containsExactly(new ManifestProblem("x.yaml", line, message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
                    yes       | true
                    On        | true
                    y         | true
                    TRUE      | true
                    n         | false
                    off       | false
                    yEs       | "yEs"
                    "yes"     | "yes"
                    'true'    | "true"
                    !!str 12  | "12"
                    !!int 12  | 12
                    ~         | null
                    Null      | null
                    0777      | 511
                    0o17      | 15
                    0x1F      | 31
                    -0b11     | -3
                    1_000     | 1000
                    08        | 8.0
                    5000000000| 5000000000
                    99999999999999999999 | 99999999999999999999
                    1.5       | 1.5
                    1e3       | 1000.0
                    .5        | 0.5
                    1:30      | "1:30"
                    0.7.3     | "0.7.3"
                    2001-01-02| "2001-01-02"
                    -         | [null]
                    +a        | "+a"
                    1.2.3.4   | "1.2.3.4"
                    """)
    void types_a_plain_scalar_as_kubernetes_does(String yaml, String json) {
        assertThat(only(HEAD + "value:\n  " + yaml + "\n").object().get("value").toString())
                .isEqualTo(json);
    }

    @Test
    void refuses_numbers_that_json_cannot_say() {
        assertProblem(HEAD + "value: .inf\n", 5, ".nan and .inf are no numbers that JSON can say");
    }

    @Test
    void makes_text_of_keys() {
        assertThat(only(HEAD + "value: {1: a, on: b, 1.5: c}\n")
                        .object()
                        .get("value")
                        .toString())
                .isEqualTo("{\"1\":\"a\",\"true\":\"b\",\"1.5\":\"c\"}");
    }

    @Test
    void knows_the_line_of_each_value() {
        var manifest = only("# a comment\n---\n" + HEAD + "data:\n  a: 1\n  b:\n    - x\n    - y/z: 2\n");
        assertThat(manifest.line()).isEqualTo(3);
        assertThat(manifest.lines().line("")).isEqualTo(3);
        assertThat(manifest.lines().line("/metadata/name")).isEqualTo(6);
        assertThat(manifest.lines().line("/data/b/1")).isEqualTo(11);
        assertThat(manifest.lines().line("/data/b/1/y~1z")).isEqualTo(11);
        assertThat(manifest.lines().line("/data/b/7/env")).isEqualTo(9);
        assertThat(manifest.lines().line("/spec/template")).isEqualTo(3);
    }

    @Test
    void knows_the_line_of_folded_secret_data() {
        var manifest = only("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  a: b\n");
        assertThat(manifest.object().toString())
                .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"},"
                        + "\"data\":{\"a\":\"Yg==\"}}");
        assertThat(manifest.lines().line("/data/a")).isEqualTo(5);
    }

    @Test
    void lets_string_data_win_over_data() {
        var manifest = only("""
                apiVersion: v1
                kind: Secret
                metadata: {name: s}
                data: {a: eA==, c: eA==}
                stringData: {a: b}
                """);
        assertThat(manifest.object().get("data").toString()).isEqualTo("{\"a\":\"Yg==\",\"c\":\"eA==\"}");
    }

    @Test
    void knows_lines_with_carriage_returns_and_a_byte_order_mark() {
        var manifest = only("\uFEFF" + (HEAD + "data:\n  a: 1\n").replace("\n", "\r\n"));
        assertThat(manifest.lines().line("/data/a")).isEqualTo(6);
    }

    @Test
    void reads_many_documents_and_skips_empty_ones() {
        var reading = read("# Source: chart/a.yaml\n---\n" + HEAD + "---\n# nothing\n--- # still nothing\n...\n"
                + "%YAML 1.1\n---\n" + HEAD + "---\n~\n");
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.manifests()).extracting(Manifest::line).containsExactly(3, 13);
    }

    @Test
    void keeps_document_markers_inside_of_text() {
        assertThat(only(HEAD + "data:\n  a: |\n    ---\n    b\n")
                        .object()
                        .at("/data/a")
                        .asString())
                .isEqualTo("---\nb\n");
    }

    @Test
    void reads_json_after_json_with_tabs_and_lines() {
        var one =
                "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"ConfigMap\",\n\t\"metadata\": {\n\t\t\"name\": \"x\"}}\n";
        var reading = read(one + one);
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.manifests()).extracting(Manifest::line).containsExactly(1, 6);
        assertThat(reading.manifests().get(1).lines().line("/metadata/name")).isEqualTo(10);
    }

    @Test
    void reads_the_items_of_lists_in_lists() {
        var reading = read("""
                apiVersion: v1
                kind: List
                items:
                  - apiVersion: apps/v1
                    kind: DeploymentList
                    items:
                      - metadata: {name: a}
                      - metadata:
                          name: b
                  - 42
                """);
        assertThat(reading.manifests())
                .extracting(manifest -> manifest.apiVersion() + " " + manifest.ref("d") + " " + manifest.line())
                .containsExactly("apps/v1 Deployment d/a 7", "apps/v1 Deployment d/b 8");
        assertThat(reading.manifests().get(1).lines().line("/metadata/name")).isEqualTo(9);
        assertThat(reading.problems())
                .containsExactly(new ManifestProblem("x.yaml", 10, "this is plain text, not a Kubernetes object"));
    }

    @Test
    void reads_the_object_of_a_review() {
        var manifest = only("""
                apiVersion: admission.k8s.io/v1
                kind: AdmissionReview
                request:
                  uid: u
                  kind: {group: apps, version: v1, kind: Deployment}
                  namespace: sv
                  operation: UPDATE
                  object:
                    metadata: {name: new}
                  oldObject:
                    metadata: {name: old}
                """);
        assertThat(manifest.ref("default")).hasToString("Deployment sv/new");
        assertThat(manifest.apiVersion()).isEqualTo("apps/v1");
        assertThat(manifest.operation()).isEqualTo(Operation.UPDATE);
        assertThat(manifest.before().orElseThrow().at("/metadata/name").asString())
                .isEqualTo("old");
        assertThat(manifest.line()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
                    {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"} | this AdmissionReview has no request
                    {"apiVersion":"admission.k8s.io/v2","kind":"AdmissionReview","request":{}} | this AdmissionReview is of a version that is not known; known are admission.k8s.io/v1 and admission.k8s.io/v1beta1
                    {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{}} | the request of this AdmissionReview has no uid
                    {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"EAT"}} | the operation of this AdmissionReview is none that Kubernetes has
                    {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"CREATE"}} | the request of this AdmissionReview has no object
                    [] | this is a list, not a Kubernetes object
                    "text" | this is plain text, not a Kubernetes object
                    {"a":1} | this is no Kubernetes object: it has no apiVersion and no kind (values are rendered by helm template)
                    {"apiVersion":"v1"} | this is no Kubernetes object: it has no kind
                    {"kind":"Secret"} | this is no Kubernetes object: it has no apiVersion
                    {"apiVersion":"v1","kind":"Secret","metadata":[]} | this Secret has no metadata.name
                    {"apiVersion":"v1","kind":"Secret" | the JSON ends too early
                    {"apiVersion":"v1","kind":"Secret","kind":"Secret"} | the key kind stands twice in one object
                    a: {{ .Values.a }} | a key must be text, not a list, a mapping or null; it looks like a chart's template: render it with helm template first
                    a: *hunter2 | an alias that no anchor before it defines (a value that starts with * must be quoted)
                    a: !hunter2!b c | a tag that is not defined (a value that starts with ! must be quoted)
                    a: b: c | a colon where no mapping can start (wrong indentation, or a value with a colon that must be quoted)
                    a: @b | not YAML: found character '@' that cannot start any token
                    a: { | it ends too early, within something that was opened before
                    """)
    void says_what_is_wrong_with_a_document_and_quotes_no_value(String text, String message) {
        assertThat(read(HEAD + "---\n" + text + "\n---\n" + HEAD).problems())
                .extracting(ManifestProblem::message)
                .containsExactly(message);
        assertThat(read(HEAD + "---\n" + text + "\n---\n" + HEAD).manifests())
                .extracting(Manifest::line)
                .containsExactly(1, 8);
    }

    @Test
    void names_the_line_of_a_mistake() {
        assertProblem("# a comment\n---\nb:\n\tc: 1\n", 4, "a tab where YAML wants spaces");
        assertProblem(HEAD + "data:\n  a: 1\n  b: 2\n  a: 3\n", 8, "the key a stands twice in one mapping");
    }

    @Test
    void follows_aliases_and_merges_and_lets_own_keys_win() {
        var manifest = only(HEAD + "base: &base {a: 1, b: 2}\nother: *base\nvalue:\n  a: 3\n  <<: *base\n");
        assertThat(manifest.object().get("other").toString()).isEqualTo("{\"a\":1,\"b\":2}");
        assertThat(manifest.object().get("value").toString()).isEqualTo("{\"a\":3,\"b\":2}");
        assertThat(manifest.lines().line("/value/a")).isEqualTo(8);
        assertThat(manifest.lines().line("/value/b")).isEqualTo(5);
    }
}
