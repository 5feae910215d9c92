// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Workloads.KMS_ENV;
import static io.kmsguard.policy.Workloads.gcp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class KmsConfigurationTest {

    private static final String KMS = "canton.participants.participant.crypto.kms";
    private static final String ENV = " | /spec/template/spec/containers/0/env";

    private static List<String> found(Subjects subject) {
        return Found.by(new KmsConfiguration(), subject);
    }

    @Test
    void allows_what_the_chart_renders() {
        assertThat(found(creationOf(kmsParticipant()))).isEmpty();
        assertThat(found(creationOf(participant()))).isEmpty();
        assertThat(found(creationOf(svApp()))).isEmpty();
        assertThat(found(creationOfSecret(Map.of()))).isEmpty();
    }

    @Test
    void warns_of_an_sv_app_whose_two_addresses_lead_to_different_participants() {
        var client = "canton.sv-apps.sv.participant-client.";
        var admin = client + "admin-api.address = other.sv.svc\n";
        var ledger = client + "ledger-api.client-config.address = other\n";
        assertThat(found(creationOf(svApp().withEnv("ADDITIONAL_CONFIG_X", admin))))
                .containsExactly(
                        "ADVISABLE SEEN container sv-app: participant-client leads to other.sv for the admin API and"
                                + " to participant.sv for the ledger API | set both addresses, or neither and"
                                + " SPLICE_APP_SV_PARTICIPANT_ADDRESS alone" + ENV);
        assertThat(found(creationOf(svApp().withEnv("ADDITIONAL_CONFIG_X", ledger))))
                .hasSize(1);
        assertThat(found(creationOf(svApp().withEnv("ADDITIONAL_CONFIG_X", admin + ledger))))
                .isEmpty();
        assertThat(found(creationOf(svApp().withEnv("ADDITIONAL_CONFIG_X", admin.replace("other", "participant")))))
                .isEmpty();
    }

    @Test
    void refuses_a_url_that_the_chart_leaves_unquoted() {
        var url =
                participant().withKms("type = aws\nregion = us-east-1\nendpoint-override = https://kms.example.com\n");
        assertThat(found(creationOf(url)))
                .containsExactly(
                        "BROKEN SEEN container participant: Canton cannot read env " + KMS_ENV + ": endpoint-override"
                                + " is a URL without quotes (line 5: Expecting close brace } or a comma, got ':') | the chart writes"
                                + " kms values unquoted: quote the value inside the value, as in endpointOverride: '\"https://…\"'"
                                + ENV + "/2");
    }

    @Test
    void refuses_the_go_text_of_old_charts() {
        var driver = participant().withKms("type = driver\nname = hsm\nconfig = map[slot:1 token:canton]\n");
        assertThat(found(creationOf(driver)))
                .singleElement()
                .asString()
                .startsWith("BROKEN SEEN container participant: Canton cannot read env " + KMS_ENV
                        + ": config is Go text (map[…]), not HOCON (line ")
                .endsWith(
                        " | write nested values as HOCON into an ADDITIONAL_CONFIG env var (additionalEnvVars), or use"
                                + " splice-participant 0.4.12 or later, which renders them" + ENV + "/2");
    }

    @Test
    void refuses_other_configuration_that_canton_cannot_read() {
        assertThat(found(creationOf(svApp().withEnv("ADDITIONAL_CONFIG_X", "a = [ b"))))
                .singleElement()
                .asString()
                .startsWith("BROKEN SEEN container sv-app: Canton cannot read env ADDITIONAL_CONFIG_X: ")
                .endsWith(" | correct it; kms-guard check shows the line" + ENV + "/2");
    }

    private static Subjects withProject(Workloads participant) {
        return creationOf(participant.withEnv(
                "ADDITIONAL_CONFIG_KMS",
                "canton.participants.participant.crypto { provider = kms, kms { type = gcp, location-id = us-east1,"
                        + " key-ring-id = ring, project-id = ${PROJECT} } }"));
    }

    @Test
    void refuses_a_substitution_of_an_env_var_that_is_not_there() {
        assertThat(found(withProject(participant())))
                .containsExactly("BROKEN SEEN container participant: ADDITIONAL_CONFIG_KMS (${PROJECT}) needs env var"
                        + " PROJECT, which the container does not have, so Canton would not start | add PROJECT to the"
                        + " container's env (additionalEnvVars), or write the value in its place" + ENV);
        assertThat(found(withProject(participant().withEnv("PROJECT", "acme-canton"))))
                .isEmpty();
        assertThat(found(creationOf(svApp().withEnv("ADDITIONAL_CONFIG_X", "a = ${ONE}, b = ${TWO}, c = ${ONE}"))))
                .hasSize(2);
    }

    @Test
    void says_nothing_of_a_substitution_that_may_have_a_value_or_needs_none() {
        for (var text : List.of(
                "a = ${?PROJECT}",
                "a = ${PROJECT}\na = 1",
                "PROJECT = 1\na = ${PROJECT}",
                "# ${PROJECT}",
                "a = \"${PROJECT}\"",
                "a = ${_shared}",
                "a = ${canton.PROJECT}",
                "a = ${HOSTNAME} ${SV_SERVICE_HOST} ${SV_SERVICE_PORT_HTTP} ${SV_PORT_80_TCP_ADDR} ${KUBERNETES_PORT}")) {
            assertThat(found(creationOf(participant().withEnv("ADDITIONAL_CONFIG_X", text))))
                    .as(text)
                    .isEmpty();
        }
        assertThat(found(withProject(participant().withEnv("JAVA_TOOL_OPTIONS", "-Xmx1g -DPROJECT=acme-canton"))))
                .isEmpty();
        assertThat(found(withProject(participant().withEnv("JAVA_TOOL_OPTIONS", "-Xmx1g"))))
                .hasSize(1);
        assertThat(found(withProject(participant().withSecretEnv("PROJECT", "gcp", "project"))))
                .singleElement()
                .asString()
                .contains("which could not be read (see readableSecrets)");
        assertThat(found(withProject(participant()
                        .with(deployment -> ((ObjectNode) deployment.at("/spec/template/spec/containers/0"))
                                .putArray("envFrom")
                                .addObject()
                                .putObject("secretRef")
                                .put("name", "gcp")))))
                .singleElement()
                .asString()
                .contains("Secret gcp (envFrom)", "which could not be read (see readableSecrets)");
    }

    @Test
    void names_them_all_where_only_together_they_cannot_be_read() {
        var two = participant().withEnv("ADDITIONAL_CONFIG_1", "a = 1").withEnv("ADDITIONAL_CONFIG_2", "b = ${c}");
        var open = participant().withEnv("ADDITIONAL_CONFIG_1", "a {").withEnv("ADDITIONAL_CONFIG_2", "}");
        assertThat(found(creationOf(open))).isEmpty();
        assertThat(found(creationOf(two))).isEmpty();
        var together = participant().withEnv("ADDITIONAL_CONFIG_1", "a = 1").withEnv("ADDITIONAL_CONFIG_2", " }");
        assertThat(found(creationOf(together))).hasSize(1);
    }

    @Test
    void refuses_what_canton_refuses_in_the_kms_block() {
        assertThat(found(creationOf(
                        participant().withKms("type = gcp, location-id = us-east1, project-id = PROJECT_ID"))))
                .containsExactlyInAnyOrder(
                        "BROKEN SEEN container participant: " + KMS
                                + ".project-id is still the placeholder PROJECT_ID | write" + " the real value" + ENV,
                        "BROKEN SEEN container participant: " + KMS
                                + ".key-ring-id is missing | set it: type gcp needs it" + ENV);
    }

    @Test
    void refuses_configuration_that_the_shell_of_the_image_does_not_see() {
        assertThat(found(creationOf(kmsParticipant().withEnv("ADDITIONAL_CONFIG.X", "a = 1"))))
                .containsExactly(
                        "BROKEN SEEN container participant: ADDITIONAL_CONFIG.X does not reach Canton: the image's"
                                + " shell sees only names of letters, digits and _ | rename it to ADDITIONAL_CONFIG_X"
                                + ENV);
    }

    @Test
    void says_nothing_of_the_kms_of_a_sequencer() {
        var sequencer = kmsParticipant()
                .withEnv(
                        "ADDITIONAL_CONFIG_S",
                        "canton.sequencers.s.crypto { provider = kms, kms { " + gcp("KEY_RING_ID") + " } }");
        assertThat(found(creationOf(sequencer))).isEmpty();
    }

    @Test
    void tells_of_a_setting_that_the_policy_names_and_the_driver_does_not_have() {
        var driver = creationOf(participant().withKms("type = driver, name = hsm, config { endpoint = a, slot = 3 }"));
        assertThat(found(driver.withDriver("hsm", "endpoint", "slot"))).isEmpty();
        assertThat(found(driver.withDriver("hsm", "endpoint", "slto")))
                .containsExactly(
                        "BROKEN NOTICE container participant: kms.config.slto is missing, and kmsDrivers.hsm.identity of"
                                + " the policy names it | name settings that are there; did you mean slot?" + ENV);
    }
}
