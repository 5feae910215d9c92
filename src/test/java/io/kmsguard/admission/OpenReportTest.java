// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static io.kmsguard.admission.AuditedObjects.AT;
import static io.kmsguard.admission.AuditedObjects.audit;
import static io.kmsguard.admission.AuditedObjects.denied;
import static io.kmsguard.admission.AuditedObjects.deployment;
import static io.kmsguard.admission.AuditedObjects.finding;
import static io.kmsguard.admission.AuditedObjects.object;
import static io.kmsguard.admission.AuditedObjects.ruling;
import static io.kmsguard.admission.AuditedObjects.warned;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.OpenReport.Form;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.splice.ObjectRef;
import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenReportTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant LATER = AT.plusSeconds(600);

    private static JsonNode report(AuditedObject object) {
        return JSON.readTree(OpenReport.of(object, AT, Form.OPEN_REPORTS).toString());
    }

    @Test
    void is_owned_by_its_object_and_says_what_is_wrong_with_it() {
        assertThat(report(deployment("sv-app", denied("governance-key-flag"))))
                .isEqualTo(JSON.readTree("""
                {
                  "apiVersion": "openreports.io/v1alpha1", "kind": "Report",
                  "metadata": {
                    "name": "kms-guard-uid-sv-app", "namespace": "sv",
                    "labels": {"app.kubernetes.io/managed-by": "kms-guard"},
                    "ownerReferences": [
                      {"apiVersion": "apps/v1", "kind": "Deployment", "name": "sv-app", "uid": "uid-sv-app"}]
                  },
                  "source": "kms-guard",
                  "scope": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "sv-app", "uid": "uid-sv-app",
                    "namespace": "sv"},
                  "summary": {"pass": 0, "fail": 1, "warn": 0, "error": 0, "skip": 0},
                  "results": [{
                    "source": "kms-guard", "policy": "kms-guard", "result": "fail",
                    "timestamp": {"seconds": 1764064800, "nanos": 7},
                    "rule": "governance-key-flag", "category": "broken", "severity": "high",
                    "message": "container x: governance-key-flag is wrong.",
                    "properties": {"action": "deny", "fix": "mend governance-key-flag",
                      "docs": "docs/rules/governance-key-flag.md", "path": "/spec/x"}
                  }]
                }""".replace("1764064800", "" + AT.getEpochSecond())));
    }

    @Test
    void passes_where_nothing_was_found() {
        var report = report(deployment("sv-app"));
        assertThat(report.path("summary").toString())
                .isEqualTo("{\"pass\":1,\"fail\":0,\"warn\":0,\"error\":0,\"skip\":0}");
        assertThat(report.path("results")).isEqualTo(JSON.readTree("""
                [{"source": "kms-guard", "policy": "kms-guard", "result": "pass",
                  "timestamp": {"seconds": %d, "nanos": 7}, "message": "No rule finds anything."}]
                """.formatted(AT.getEpochSecond())));
    }

    @Test
    void is_the_same_in_the_older_form_but_for_the_source_of_the_whole() {
        var object = object(new ObjectRef("Secret", "sv", "key"), "u", denied("governance-key-format"));
        var older = JSON.readTree(OpenReport.of(object, AT, Form.POLICY_REPORTS).toString());
        assertThat(older.path("apiVersion").asString("")).isEqualTo("wgpolicyk8s.io/v1alpha2");
        assertThat(older.path("kind").asString("")).isEqualTo("PolicyReport");
        assertThat(older.has("source")).isFalse();
        assertThat(older.at("/metadata/ownerReferences/0/apiVersion").asString(""))
                .isEqualTo("v1");
        assertThat(older.path("results")).isEqualTo(report(object).path("results"));
    }

    private static String result(Ruling ruling) {
        var result = report(deployment("x", ruling)).path("results").path(0);
        return result.path("result").asString("") + " "
                + result.path("severity").asString("") + " "
                + result.path("category").asString("");
    }

    @Test
    void tells_how_each_rule_went() {
        assertThat(result(ruling("a", RuleClass.IRREVERSIBLE, Ground.SEEN, Action.DENY)))
                .isEqualTo("fail critical irreversible");
        assertThat(result(warned("a"))).isEqualTo("warn medium advisable");
        assertThat(result(ruling("a", RuleClass.BROKEN, Ground.SEEN, Action.AUDIT)))
                .isEqualTo("warn high broken");
        assertThat(result(ruling("a", RuleClass.BROKEN, Ground.NOTICE, Action.WARN)))
                .isEqualTo("warn info broken");
        for (var action : new Action[] {Action.DENY, Action.WARN}) {
            assertThat(result(ruling("a", RuleClass.BROKEN, Ground.UNKNOWN, action)))
                    .isEqualTo("error high broken");
        }
        var excepted = new Ruling(
                finding("a", RuleClass.BROKEN, Ground.SEEN),
                Action.WARN,
                "excepted until 2027-01-31 by jane: so",
                true);
        assertThat(result(excepted)).isEqualTo("skip high broken");
        assertThat(report(deployment("x", excepted)).at("/results/0/message").asString(""))
                .isEqualTo("container x: a is wrong (excepted until 2027-01-31 by jane: so).");
    }

    @Test
    void counts_everything_and_lists_the_worst_hundred() {
        var many = IntStream.range(0, 150).mapToObj(i -> warned("small-" + i));
        var rulings = Stream.concat(many, Stream.of(ruling("worst", RuleClass.IRREVERSIBLE, Ground.SEEN, Action.DENY)))
                .toArray(Ruling[]::new);
        var report = report(deployment("x", rulings));
        assertThat(report.path("summary").toString())
                .isEqualTo("{\"pass\":0,\"fail\":1,\"warn\":150,\"error\":0,\"skip\":0}");
        assertThat(report.path("results")).hasSize(100);
        assertThat(report.at("/results/0/rule").asString("")).isEqualTo("worst");
    }

    @Test
    void cuts_what_is_long_between_characters() {
        var long1 = "x".repeat(1_022) + "\uD83D\uDD11".repeat(3);
        var finding = Finding.seen(new RuleInfo("a", RuleClass.BROKEN, "a"), "k", long1, long1, "");
        var result =
                report(deployment("x", new Ruling(finding, Action.DENY, ""))).at("/results/0");
        assertThat(result.path("message").asString("")).isEqualTo("x".repeat(1_022) + "…");
        assertThat(result.at("/properties/fix").asString("")).isEqualTo("x".repeat(1_022) + "…");
        assertThat(result.path("properties").has("path")).isFalse();
    }

    @Test
    void an_object_of_a_file_has_no_owner_and_a_name_of_its_own() {
        var one = report(object(new ObjectRef("Deployment", "sv", "a"), ""));
        var other = report(object(new ObjectRef("Deployment", "sv", "b"), ""));
        assertThat(one.path("metadata").has("ownerReferences")).isFalse();
        assertThat(one.path("scope").has("uid")).isFalse();
        assertThat(one.at("/metadata/name").asString(""))
                .matches("kms-guard-[0-9a-f-]{36}")
                .isNotEqualTo(other.at("/metadata/name").asString(""));
    }

    @Test
    void the_time_alone_makes_no_other_report() {
        var before = report(deployment("x", denied("a"), denied("b")));
        var same = OpenReport.of(deployment("x", denied("a"), denied("b")), LATER, Form.OPEN_REPORTS);
        var other = OpenReport.of(deployment("x", denied("a"), denied("c")), LATER, Form.OPEN_REPORTS);
        assertThat(OpenReport.isSame(before, same)).isTrue();
        assertThat(OpenReport.isSame(before, other)).isFalse();

        OpenReport.keepTimes(other, before);
        assertThat(other.at("/results/0/timestamp/seconds").asLong()).isEqualTo(AT.getEpochSecond());
        assertThat(other.at("/results/1/timestamp/seconds").asLong()).isEqualTo(LATER.getEpochSecond());
    }

    @Test
    void a_list_holds_all_of_them() {
        var list = JSON.readTree(OpenReport.list(audit(AT, deployment("a"), deployment("b", denied("r"))))
                .toString());
        assertThat(list.path("apiVersion").asString("") + " "
                        + list.path("kind").asString(""))
                .isEqualTo("v1 List");
        assertThat(list.at("/items/0")).isEqualTo(report(deployment("a")));
        assertThat(list.at("/items/1")).isEqualTo(report(deployment("b", denied("r"))));
        assertThat(list.path("items")).hasSize(2);
    }
}
