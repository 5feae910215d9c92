// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static io.kmsguard.admission.AuditedObjects.AT;
import static io.kmsguard.admission.AuditedObjects.audit;
import static io.kmsguard.admission.AuditedObjects.blind;
import static io.kmsguard.admission.AuditedObjects.denied;
import static io.kmsguard.admission.AuditedObjects.deployment;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.AuditedObject;
import io.kmsguard.admission.OpenReport;
import io.kmsguard.admission.OpenReport.Form;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ClusterReportsTest {

    private static final String REPORTS = "/apis/openreports.io/v1alpha1/namespaces/sv/reports";
    private static final String OLDER = "/apis/wgpolicyk8s.io/v1alpha2/namespaces/sv/policyreports";
    private static final Told DONE = new Told(1, 0, "");

    private StoringApiServer server;
    private ClusterClient client;
    private ClusterReports reports;
    private volatile boolean leading = true;

    @BeforeEach
    void start() throws IOException {
        server = new StoringApiServer();
        client = server.client();
        reports = new ClusterReports(client, () -> leading);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private void serveReports() {
        server.serves("openreports.io", "v1alpha1", "reports");
    }

    private static AuditReport found(AuditedObject... objects) {
        return audit(AT, objects);
    }

    private static AuditReport later(AuditedObject... objects) {
        return audit(AT.plusSeconds(600), objects);
    }

    private JsonNode report(String name) {
        return Objects.requireNonNull(server.objects().get(REPORTS + "/kms-guard-uid-" + name));
    }

    private Told refusedBy(AuditReport audit) {
        var told = reports.write(audit);
        assertThat(told.writes()).isZero();
        return told;
    }

    @Test
    void writes_only_what_changed() {
        serveReports();
        assertThat(reports.write(found(deployment("a", denied("r")), deployment("b"))))
                .isEqualTo(new Told(2, 0, ""));
        assertThat(server.writes()).containsExactly("POST " + REPORTS, "POST " + REPORTS);
        assertThat(OpenReport.isSame(report("a"), OpenReport.of(deployment("a", denied("r")), AT, Form.OPEN_REPORTS)))
                .isTrue();

        assertThat(reports.write(later(deployment("a", denied("r")), deployment("b"))))
                .isEqualTo(Told.NOTHING);

        assertThat(reports.write(later(deployment("a", denied("r"), denied("s")), deployment("b"))))
                .isEqualTo(DONE);
        assertThat(server.writes()).containsExactly("PUT " + REPORTS + "/kms-guard-uid-a");
        var report = report("a");
        assertThat(report.at("/summary/fail").asInt()).isEqualTo(2);
        assertThat(report.at("/results/0/timestamp/seconds").asLong()).isEqualTo(AT.getEpochSecond());
        assertThat(report.at("/results/1/timestamp/seconds").asLong())
                .isEqualTo(AT.plusSeconds(600).getEpochSecond());
    }

    @Test
    void removes_its_own_reports_of_what_is_gone_and_no_others() {
        serveReports();
        server.put(REPORTS + "/other", "{\"metadata\":{\"name\":\"other\",\"namespace\":\"sv\"}}");
        reports.write(found(deployment("a"), deployment("b")));
        server.writes();

        assertThat(reports.write(later(deployment("b")))).isEqualTo(DONE);
        assertThat(server.writes()).containsExactly("DELETE " + REPORTS + "/kms-guard-uid-a");
        assertThat(server.objects()).containsOnlyKeys(REPORTS + "/other", REPORTS + "/kms-guard-uid-b");
    }

    @Test
    void removes_nothing_where_something_was_not_seen() {
        serveReports();
        reports.write(found(deployment("a"), deployment("b")));
        assertThat(reports.write(blind(AT, deployment("b", denied("r"))))).isEqualTo(DONE);
        assertThat(server.objects()).hasSize(2);
    }

    @Test
    void writes_the_older_form_where_there_is_no_other_and_moves_when_there_is() {
        server.serves("wgpolicyk8s.io", "v1alpha2", "policyreports");
        reports.write(found(deployment("a")));
        assertThat(server.objects()).containsOnlyKeys(OLDER + "/kms-guard-uid-a");

        serveReports();
        assertThat(reports.write(later(deployment("a")))).isEqualTo(new Told(2, 0, ""));
        assertThat(server.objects()).containsOnlyKeys(REPORTS + "/kms-guard-uid-a");
    }

    @Test
    void writes_nothing_where_no_reports_are_served_and_looks_again() {
        assertThat(reports.write(found(deployment("a")))).isEqualTo(Told.NOTHING);
        server.serves("openreports.io", "v1beta1", "reports");
        assertThat(reports.write(found(deployment("a")))).isEqualTo(Told.NOTHING);
        server.serves("openreports.io", "v1alpha1", "clusterreports");
        assertThat(reports.write(found(deployment("a")))).isEqualTo(Told.NOTHING);
        assertThat(server.writes()).isEmpty();
        serveReports();
        assertThat(reports.write(found(deployment("a")))).isEqualTo(DONE);
    }

    @Test
    void says_what_is_served_instead() {
        try (var api = server.client()) {
            var apis = new ReportApis(new ApiReads(
                    api.client().getHttpClient(),
                    URI.create(api.client().getMasterUrl().toString()),
                    "the guard's"));
            assertThat(apis.find().none())
                    .isEqualTo("neither openreports.io/v1alpha1 nor wgpolicyk8s.io/v1alpha2 is installed");
            server.serves("openreports.io", "v1beta1", "reports");
            assertThat(apis.find().none())
                    .isEqualTo("openreports.io is served as v1beta1 and not as v1alpha1, in which reports are written");
            assertThat(apis.find().trouble()).isEmpty();
            server.refuses("GET", "/apis", 503);
            assertThat(apis.find().trouble())
                    .isEqualTo("whether an API of reports is installed could not be told: the API server answered 503");
        }
    }

    @Test
    void tells_of_a_right_that_it_lacks_and_goes_on_when_it_has_it() {
        serveReports();
        server.refuses("POST", REPORTS, 403);
        var many = IntStream.range(0, 50).mapToObj(i -> deployment("d" + i)).toArray(AuditedObject[]::new);
        assertThat(reports.write(found(many)))
                .isEqualTo(
                        new Told(0, 5, "the guard's account lacks the right to create reports.openreports.io (403)"));
        assertThat(server.writes()).hasSize(5);

        server.allowsAll();
        assertThat(reports.write(found(many))).isEqualTo(new Told(50, 0, ""));

        server.refuses("GET", "/apis/openreports.io/v1alpha1/reports", 403);
        assertThat(refusedBy(found()).trouble())
                .isEqualTo("reports.openreports.io in all namespaces could not be listed: the guard's account lacks the"
                        + " right to list reports.openreports.io in all namespaces (403)");
        assertThat(server.objects()).hasSize(50);
    }

    @Test
    void a_namespace_on_its_way_out_and_a_second_writer_are_no_trouble() {
        serveReports();
        server.refuses("POST", REPORTS, 403, "NamespaceTerminating");
        assertThat(refusedBy(found(deployment("a")))).isEqualTo(Told.NOTHING);
        server.allowsAll();
        server.put(REPORTS + "/kms-guard-uid-a", "{\"metadata\":{\"name\":\"kms-guard-uid-a\"}}");
        assertThat(refusedBy(found(deployment("a")))).isEqualTo(Told.NOTHING);
    }

    @Test
    void writes_nothing_once_it_leads_no_more() {
        serveReports();
        leading = false;
        assertThat(refusedBy(found(deployment("a")))).isEqualTo(Told.NOTHING);
        assertThat(server.writes()).isEmpty();
    }
}
