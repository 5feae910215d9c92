// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** What is no review, or none of a sane object: an answer in plain words, one line in the log, and the server goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServeBadInputTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String REVIEW = """
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1",\
            "kind":{"group":"apps","version":"v1","kind":"Deployment"},"operation":"CREATE","namespace":"sv",\
            "name":"sv-app","object":%s}}""";

    private RunningServe serve;

    @BeforeAll
    void start(@TempDir Path empty) throws Exception {
        serve = RunningServe.selfSigned("--manifests", empty.toString());
        serve.ready("readyz check passed");
    }

    @AfterAll
    void stop() {
        serve.close();
    }

    record Case(String name, String contentType, String body, int status, String answer) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case refused(String name, String body, String sentence) {
        return new Case(name, "application/json", body, 400, sentence);
    }

    static Stream<Case> cases() {
        var good = REVIEW.formatted("{}");
        return Stream.of(
                refused("not JSON", "hunter2", "The body is not JSON that can be read (line 1, column"),
                refused("empty", "", "The body is no AdmissionReview: kind must be AdmissionReview."),
                refused("truncated", good.substring(0, 150), "The body is not JSON that can be read"),
                refused("no AdmissionReview", "{\"kind\":\"Pod\"}", "The body is no AdmissionReview: kind must be"),
                refused("a list", "[1]", "The body is no AdmissionReview: kind must be AdmissionReview."),
                refused(
                        "unknown version",
                        good.replace("k8s.io/v1", "k8s.io/v7"),
                        "apiVersion must be admission.k8s.io/v1 or admission.k8s.io/v1beta1"),
                refused(
                        "no request",
                        "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"}",
                        "The AdmissionReview has no request."),
                refused(
                        "missing uid",
                        good.replace("\"uid\":\"u-1\",", ""),
                        "The AdmissionReview's request has no uid"),
                refused("nested 100,000 deep", "{\"a\":".repeat(100_000), "The body is not JSON that can be read"),
                refused(
                        "an object nested 100,000 deep",
                        REVIEW.formatted("[".repeat(100_000) + "]".repeat(100_000)),
                        "The body is not JSON that can be read"),
                new Case("wrong content type", "text/plain", good, 415, "Send an AdmissionReview as application/json"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void is_refused_in_plain_words_and_logged_once(Case bad) throws Exception {
        for (var path : new String[] {"/validate", "/mutate"}) {
            var before = serve.logged("refused a call").size();

            var answer = serve.post(path, bad.body.getBytes(StandardCharsets.UTF_8), bad.contentType);

            assertThat(answer.statusCode()).isEqualTo(bad.status);
            assertThat(answer.body()).startsWith(bad.answer).doesNotContain("Exception", "\tat ", "hunter2");
            assertThat(answer.body().strip().lines()).hasSize(1);
            assertThat(serve.logged("refused a call")).hasSize(before + 1);
            assertThat(serve.events()).noneMatch(event -> event.getThrowableProxy() != null);
        }
        assertGoesOn();
    }

    @Test
    void twenty_megabytes_are_refused_before_they_are_sent() throws Exception {
        var before = serve.logged("refused a call").size();

        var answer = serve.send("POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 20000000\r\n\r\n{");

        assertThat(answer)
                .startsWith("HTTP/1.1 413 ")
                .endsWith("\r\n\r\nThe body is longer than the 7340032 bytes that this webhook takes.\n");
        assertThat(serve.logged("refused a call")).hasSize(before + 1);
        assertGoesOn();
    }

    @Test
    void an_object_of_the_wrong_shape_is_a_denial_that_says_where() throws Exception {
        var body = REVIEW.formatted("{\"kind\":\"Deployment\",\"spec\":{\"template\":{\"spec\":{\"containers\":7}}}}");

        var answer = serve.post("/validate", body.getBytes(StandardCharsets.UTF_8), "application/json");

        assertThat(answer.statusCode()).isEqualTo(200);
        var response = JSON.readTree(answer.body()).path("response");
        assertThat(response.path("uid").asString()).isEqualTo("u-1");
        assertThat(response.path("allowed").asBoolean()).isFalse();
        assertThat(response.at("/status/message").asString())
                .isEqualTo(
                        "Deployment sv/sv-app: /spec/template/spec/containers is no list of containers, so it cannot be"
                                + " judged.");
        assertThat(serve.events()).noneMatch(event -> event.getThrowableProxy() != null);
    }

    @Test
    void another_kind_is_none_of_its_business() throws Exception {
        var body =
                REVIEW.formatted("{\"kind\":\"Pod\"}").replace("\"kind\":\"Deployment\"", "\"kind\":\"Frobnicator\"");

        var answer = serve.post("/validate", body.getBytes(StandardCharsets.UTF_8), "application/json");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).at("/response/allowed").asBoolean())
                .isTrue();
    }

    private void assertGoesOn() throws Exception {
        var response = serve.review("/validate", RunningServe.deployment("sv-with-flag"));
        assertThat(response.path("uid").asString()).isEqualTo("u-1");
    }
}
