// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.change;
import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Workloads.aws;
import static io.kmsguard.policy.Workloads.gcp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Sighting;
import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KmsMigrationTest {

    private static final String GCP = "GCP KMS (project acme-canton, location us-east1, key ring sv-participant)";
    private static final String ENV = " | /spec/template/spec/containers/0/env";
    private static final String REVISION =
            "helm -n sv history participant tells which is deployed, helm -n sv get values"
                    + " participant --revision N shows its values";
    private static final String LOST =
            "IRREVERSIBLE SEEN container participant: this update takes the participant off its"
                    + " KMS; the running revision keeps its keys in " + GCP
                    + ", this one names no KMS, and keys that lie in a KMS"
                    + " never leave it | pass every values file again, with the kms section of the running revision ("
                    + REVISION
                    + "); a rollback to a revision before the KMS is the same mistake" + ENV;

    private static List<String> found(Subjects subject) {
        return Found.by(new KmsMigration(), subject);
    }

    @Test
    void says_what_it_is() {
        assertThat(new KmsMigration().info().id()).isEqualTo("kms-migration");
    }

    @Test
    void refuses_to_take_a_participant_off_its_kms() {
        assertThat(found(change(kmsParticipant(), participant()))).containsExactly(LOST);
    }

    private static Sighting remembered(Workloads first) {
        return Sighting.of(first.read()).get(0).on(LocalDate.of(2026, 11, 20));
    }

    private static String first(String was, String is, String same) {
        return "IRREVERSIBLE SEEN container participant: its database participant_0, schema public, at"
                + " participant-pg.sv:5432, holds the identity of Deployment sv/participant, which kept its keys " + was
                + " when last seen on 2026-11-20; as it is configured now, the participant " + is
                + ", and the root key of a participant can never be replaced | " + same
                + "; where that database was dropped and made anew, kms-guard identities accept says so to the guard"
                + ENV;
    }

    @Test
    void goes_by_the_memory_where_what_it_refers_to_has_changed_already() {
        var lost = first("in " + GCP, "names no KMS", "put back the kms values that it was seen with");
        assertThat(found(change(participant(), participant()).withRemembered(remembered(kmsParticipant()))))
                .containsExactly(lost);
        assertThat(found(change(participant(), kmsParticipant()).withRemembered(remembered(kmsParticipant()))))
                .isEmpty();
        assertThat(found(change(kmsParticipant(), participant()).withRemembered(remembered(kmsParticipant()))))
                .containsExactly(LOST);
        assertThat(found(change(kmsParticipant(), kmsParticipant()).withRemembered(remembered(participant()))))
                .containsExactly(first("itself", "looks for them in " + GCP, "leave kms out"));
    }

    @Test
    void says_of_one_that_runs_that_it_has_other_keys_than_its_database() {
        assertThat(found(creationOf(participant()).withRemembered(remembered(kmsParticipant()))))
                .containsExactly(first("in " + GCP, "names no KMS", "put back the kms values that it was seen with"));
        assertThat(found(creationOf(kmsParticipant()).withRemembered(remembered(kmsParticipant()))))
                .isEmpty();
    }

    @Test
    void refuses_it_for_a_stateful_set() {
        assertThat(found(change(
                        kmsParticipant().ofKind("StatefulSet"), participant().ofKind("StatefulSet"))))
                .containsExactly(LOST);
    }

    @Test
    void refuses_it_under_another_container_name_and_image() {
        var renamed =
                participant().withContainerName("node").withImage("registry.example.com/acme/canton-participant:1");
        assertThat(found(change(kmsParticipant(), renamed)))
                .containsExactly(LOST.replace("container participant:", "container node:"));
    }

    @Test
    void refuses_it_where_nothing_tells_that_it_is_a_participant_any_more() {
        var renamed = participant()
                .withContainerName("node")
                .withImage("ledger:1")
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_SERVER")
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_DB");
        assertThat(found(change(kmsParticipant(), renamed)))
                .containsExactly(LOST.replace("container participant:", "container node:"));
    }

    @Test
    void refuses_it_where_only_the_image_is_another() {
        var other = participant()
                .withImage("ledger:1")
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_SERVER")
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_DB");
        assertThat(found(change(kmsParticipant(), other))).containsExactly(LOST);
    }

    @Test
    void refuses_to_take_a_running_participant_to_a_kms() {
        assertThat(found(change(participant(), kmsParticipant())))
                .containsExactly(
                        "IRREVERSIBLE SEEN container participant: this update moves a participant that has keys of"
                                + " its own to " + GCP
                                + ", and the root key of a participant can never be replaced | leave kms out"
                                + " of the values; a KMS needs a fresh SV on a fresh participant, and the old SV is offboarded (kms-guard plan tells how)"
                                + ENV);
    }

    @Test
    void refuses_another_key_ring() {
        assertThat(found(change(kmsParticipant(), participant().withKms(gcp("other")))))
                .containsExactly(
                        "IRREVERSIBLE SEEN container participant: this update moves the participant from " + GCP
                                + " to GCP KMS (project acme-canton, location us-east1, key ring other), where its keys are not, and the"
                                + " root key of a participant can never be replaced | keep the kms values of the running revision ("
                                + REVISION
                                + "); another KMS needs a fresh SV on a fresh participant, and the old SV is offboarded (kms-guard plan tells how)"
                                + ENV);
    }

    @Test
    void refuses_another_project_location_provider_and_driver() {
        var driver = participant().withKms("type = driver, name = hsm");
        assertThat(found(change(
                        kmsParticipant(),
                        participant().withKms(gcp("sv-participant").replace("acme", "b")))))
                .hasSize(1);
        assertThat(found(change(
                        kmsParticipant(),
                        participant().withKms(gcp("sv-participant").replace("us-east1", "global")))))
                .hasSize(1);
        assertThat(found(change(kmsParticipant(), participant().withKms(aws("us-east-1", true)))))
                .hasSize(1);
        assertThat(found(change(driver, participant().withKms("type = driver, name = other"))))
                .hasSize(1);
    }

    @Test
    void allows_another_aws_region_with_multi_region_keys_on_both_sides_only() {
        var one = participant().withKms(aws("us-east-1", true));
        var other = participant().withKms(aws("eu-central-1", true));
        var single = participant().withKms(aws("eu-central-1", false));
        assertThat(found(change(one, other))).isEmpty();
        assertThat(found(change(one, single))).hasSize(1);
        assertThat(found(change(single, one))).hasSize(1);
        assertThat(found(change(single, other))).isEmpty();
    }

    @Test
    void allows_the_same_configuration_in_another_spelling() {
        var spelt = participant()
                .withEnv("ADDITIONAL_CONFIG_Z", "canton.participants.participant.crypto.provider = kms")
                .withEnv(
                        "ADDITIONAL_CONFIG_A",
                        "canton { participants.participant { crypto.kms: { \"type\": gcp, location-id = us-east1,"
                                + " project-id = \"acme-canton\", key-ring-id: sv-participant } } } // the same");
        assertThat(found(change(kmsParticipant(), spelt))).isEmpty();
    }

    @Test
    void allows_another_name_of_the_participant() {
        var other = participant()
                .withEnv(
                        "ADDITIONAL_CONFIG_KMS",
                        "canton.participants.p.crypto { provider = kms, kms { " + gcp("sv-participant") + " } }");
        assertThat(found(change(kmsParticipant(), other))).isEmpty();
    }

    @Test
    void allows_what_leaves_the_kms_as_it_is() {
        assertThat(found(change(kmsParticipant(), kmsParticipant().withImage("canton-participant:0.7.4"))))
                .isEmpty();
        assertThat(found(change(participant(), participant().withEnv("LOG_LEVEL", "INFO"))))
                .isEmpty();
    }

    @Test
    void has_nothing_to_compare_in_a_creation() {
        assertThat(found(creationOf(kmsParticipant()))).isEmpty();
        assertThat(found(creationOfSecret(Map.of()))).isEmpty();
    }

    @Test
    void cannot_tell_what_configuration_from_a_secret_says() {
        var hidden = participant().withSecretEnv("ADDITIONAL_CONFIG_KMS", "config", "kms");
        var remedy = " | write crypto into an ADDITIONAL_CONFIG env var with a plain value that Canton can read; a"
                + " participant that never started with its configuration can be uninstalled and installed anew" + ENV;
        assertThat(found(change(kmsParticipant(), hidden)))
                .containsExactly(
                        "IRREVERSIBLE UNKNOWN container participant: whether the participant keeps its KMS could not"
                                + " be told: it takes ADDITIONAL_CONFIG_KMS from key kms of Secret config, which could not be read"
                                + remedy);
        assertThat(found(change(hidden, kmsParticipant())))
                .containsExactly(
                        "IRREVERSIBLE UNKNOWN container participant: whether the participant keeps its KMS could not"
                                + " be told: it takes ADDITIONAL_CONFIG_KMS from key kms of Secret config, which could not be read"
                                + " in the running revision" + remedy);
    }

    @Test
    void allows_configuration_that_stays_hidden_in_the_same_place() {
        var hidden = participant().withSecretEnv("ADDITIONAL_CONFIG_KMS", "config", "kms");
        assertThat(found(change(hidden, hidden.withImage("canton-participant:0.7.4"))))
                .isEmpty();
        assertThat(found(change(hidden, hidden.withEnv("ADDITIONAL_CONFIG_Z", "a = 1"))))
                .hasSize(1);
    }

    @Test
    void compares_each_participant_of_one_container() {
        var two = kmsParticipant()
                .withEnv(
                        "ADDITIONAL_CONFIG_P",
                        "canton.participants.p.crypto { provider = kms, kms { " + gcp("other") + " } }");
        assertThat(found(change(two, two.withEnv("LOG_LEVEL", "INFO")))).isEmpty();
        assertThat(found(change(two, kmsParticipant())))
                .singleElement()
                .asString()
                .contains(" and GCP KMS (");
        assertThat(found(change(kmsParticipant(), two))).hasSize(1);
    }

    @Test
    void has_nothing_to_compare_where_a_participant_becomes_two_others() {
        var two = participant().with(object -> {
            var containers = (tools.jackson.databind.node.ArrayNode) object.at("/spec/template/spec/containers");
            containers.add(containers.path(0).deepCopy());
            ((tools.jackson.databind.node.ObjectNode) containers.path(0)).put("name", "a");
            ((tools.jackson.databind.node.ObjectNode) containers.path(1)).put("name", "b");
        });
        assertThat(found(change(kmsParticipant(), two))).isEmpty();
    }

    @Test
    void cannot_tell_what_configuration_beyond_reading_says() {
        var broken = participant().withKms("type = gcp, a = [ b");
        assertThat(found(change(kmsParticipant(), broken)))
                .singleElement()
                .asString()
                .startsWith(
                        "IRREVERSIBLE UNKNOWN container participant: whether the participant keeps its KMS could not be"
                                + " told: its configuration cannot be read | ");
    }

    private static Workloads driver(String settings) {
        return participant().withKms("type = driver, name = hsm, config { " + settings + " }");
    }

    @Test
    void refuses_another_setting_of_a_driver_and_names_it_without_its_value() {
        assertThat(found(change(driver("endpoint = a, slot = 3"), driver("endpoint = a, slot = hunter2"))))
                .containsExactly("IRREVERSIBLE SEEN container participant: this update changes kms.config of the"
                        + " participant's KMS driver hsm: slot; where a driver keeps the keys is told by its settings, and the"
                        + " root key of a participant can never be replaced | keep the kms values of the running revision ("
                        + REVISION
                        + "); another KMS needs a fresh SV on a fresh participant, and the old SV is offboarded (kms-guard plan"
                        + " tells how); kmsDrivers in the policy file names the settings of a driver that decide where its keys are"
                        + ENV);
    }

    @Test
    void allows_another_setting_of_a_driver_that_the_policy_does_not_name() {
        var before = driver("endpoint = a, slot = 3, timeout = 1");
        assertThat(found(change(before, driver("endpoint = a, slot = 3, timeout = 2"))
                        .withDriver("hsm", "endpoint", "slot")))
                .isEmpty();
        assertThat(found(change(before, driver("endpoint = a, slot = 4, timeout = 2"))
                        .withDriver("hsm", "endpoint", "slot")))
                .singleElement()
                .asString()
                .contains("KMS driver hsm: slot;");
        assertThat(found(change(before, driver("endpoint = a, slot = 3, timeout = 2"))
                        .withDriver("other", "slot")))
                .singleElement()
                .asString()
                .contains("KMS driver hsm: timeout;");
    }
}
