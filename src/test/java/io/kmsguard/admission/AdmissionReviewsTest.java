// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Operation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdmissionReviewsTest {

    private static AdmissionRequest read(String request) {
        var body = "{\"apiVersion\": \"admission.k8s.io/v1beta1\", \"kind\": \"AdmissionReview\", \"request\": "
                + request + "}";
        return ((AdmissionReviews.Reading.Read) AdmissionReviews.read(body.getBytes(StandardCharsets.UTF_8))).request();
    }

    private static String text(byte[] answer) {
        return new String(answer, StandardCharsets.UTF_8);
    }

    @Test
    void read_what_the_api_server_sends() {
        var request = read("{\"uid\": \"u\", \"kind\": {\"kind\": \"Deployment\"}, \"subResource\": \"scale\","
                + " \"namespace\": \"sv\", \"name\": \"n\", \"operation\": \"UPDATE\", \"dryRun\": true,"
                + " \"userInfo\": {\"username\": \"helm\"}, \"object\": {\"a\": 1}, \"oldObject\": null}");
        assertThat(request.object()).hasToString("Optional[{\"a\":1}]");
        assertThat(request)
                .isEqualTo(new AdmissionRequest(
                        "admission.k8s.io/v1beta1",
                        "u",
                        "Deployment",
                        "scale",
                        "sv",
                        "n",
                        Optional.of(Operation.UPDATE),
                        true,
                        "helm",
                        request.object(),
                        Optional.empty()));
    }

    @Test
    void read_what_is_missing_as_empty() {
        assertThat(read("{\"uid\": \"u\", \"operation\": \"CONNECT\", \"kind\": 1, \"dryRun\": \"x\"}"))
                .isEqualTo(new AdmissionRequest(
                        "admission.k8s.io/v1beta1",
                        "u",
                        "",
                        "",
                        "",
                        "",
                        Optional.empty(),
                        false,
                        "",
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void answer_in_the_version_and_with_the_uid_of_the_request() {
        var request = read("{\"uid\": \"u\"}");
        assertThat(text(AdmissionReviews.allowed(request, List.of("w"), Optional.empty(), AdmissionReviews.object())))
                .isEqualTo("{\"apiVersion\":\"admission.k8s.io/v1beta1\",\"kind\":\"AdmissionReview\",\"response\":"
                        + "{\"uid\":\"u\",\"allowed\":true,\"warnings\":[\"w\"]}}");
    }

    @Test
    void give_a_denial_a_status_with_its_causes() {
        var denial = new Denial("no", List.of(new Denial.Cause("r", "m", "/spec")));
        assertThat(text(AdmissionReviews.denied(
                        read("{\"uid\": \"u\"}"),
                        denial,
                        List.of(),
                        AdmissionReviews.object().put("decision", "deny"))))
                .isEqualTo("{\"apiVersion\":\"admission.k8s.io/v1beta1\",\"kind\":\"AdmissionReview\",\"response\":"
                        + "{\"uid\":\"u\",\"allowed\":false,\"status\":{\"status\":\"Failure\",\"message\":\"no\","
                        + "\"reason\":\"Forbidden\",\"code\":403,\"details\":{\"causes\":[{\"reason\":\"r\","
                        + "\"message\":\"m\",\"field\":\"/spec\"}]}},\"auditAnnotations\":{\"decision\":\"deny\"}}}");
    }
}
