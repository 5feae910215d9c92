// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.change;
import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Workloads.aws;
import static io.kmsguard.policy.Workloads.gcp;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
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
                                + " of the values; a KMS needs a fresh SV on a fresh participant, and the old SV is offboarded"
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
                                + "); another KMS needs a fresh SV on a fresh participant, and the old SV is offboarded"
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
    void cannot_tell_what_configuration_beyond_reading_says() {
        var broken = participant().withKms("type = gcp, a = [ b");
        assertThat(found(change(kmsParticipant(), broken)))
                .singleElement()
                .asString()
                .startsWith(
                        "IRREVERSIBLE UNKNOWN container participant: whether the participant keeps its KMS could not be"
                                + " told: its configuration cannot be read | ");
    }

    @Test
    void refuses_to_point_an_sv_at_a_participant_that_lost_the_kms() {
        assertThat(found(move(participant().named("participant-1"))))
                .containsExactly(
                        "IRREVERSIBLE SEEN container sv-app: this update moves the SV from participant participant-0,"
                                + " which keeps its keys in " + GCP
                                + ", to participant-1, which keeps its keys itself, so the SV's"
                                + " identity would be left behind for ever | install participant participant-1 anew, on an empty"
                                + " database, with the kms values of participant-0; or keep the address participant-0"
                                + ENV);
    }

    @Test
    void allows_a_hard_migration_that_keeps_the_kms() {
        assertThat(found(move(kmsParticipant().named("participant-1")))).isEmpty();
    }

    @Test
    void refuses_to_point_an_sv_at_nothing() {
        assertThat(found(move(Lookup.absent())))
                .containsExactly("IRREVERSIBLE ABSENT container sv-app: participant address participant-1 leads to no"
                        + " participant, so whether it has the keys of participant-0 could not be told | install the"
                        + " participant behind participant-1 first, with the kms values of participant-0" + ENV);
    }

    @Test
    void warns_where_the_old_participant_is_gone() {
        var subject = moved().withParticipant("participant-0", Lookup.absent())
                .withParticipant("participant-1", kmsParticipant());
        assertThat(found(subject))
                .containsExactly(
                        "IRREVERSIBLE NOTICE container sv-app: participant address participant-1 is new, and the"
                                + " participant behind participant-0 is gone, so their KMS cannot be compared | see to it that the"
                                + " new participant has the kms values that the old one had" + ENV);
    }

    @Test
    void cannot_tell_where_a_participant_cannot_be_read() {
        assertThat(found(move(Lookup.unknown("the API server is away"))))
                .containsExactly(
                        "IRREVERSIBLE UNKNOWN container sv-app: participant address participant-1 is new, and whether"
                                + " it leads to the keys of participant-0 could not be told: the API server is away | let the guard"
                                + " read Services, Deployments and StatefulSets, and try again" + ENV);
        assertThat(found(move(participant().withKms("type = gcp, a = [ b"))))
                .singleElement()
                .asString()
                .contains("could not be told: of Deployment sv/participant, its configuration cannot be read");
    }

    @Test
    void cannot_tell_where_an_address_leads_that_only_the_pod_knows() {
        var hidden = keyedSvApp()
                .withoutEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS")
                .withFieldEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS");
        assertThat(found(change(keyedSvApp(), hidden)))
                .containsExactly(
                        "IRREVERSIBLE UNKNOWN container sv-app: the participant address changes from a plain value to"
                                + " a field that only the running pod has, and whether it leads to the same keys could not be told"
                                + " | write the address into SPLICE_APP_SV_PARTICIPANT_ADDRESS as a plain value" + ENV);
    }

    @Test
    void does_not_ask_where_the_address_stays() {
        assertThat(found(change(svApp(), svApp().withImage("sv-app:0.7.4")))).isEmpty();
        assertThat(found(change(svApp(), svApp().withoutEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS"))))
                .isEmpty();
    }

    private static Subjects moved() {
        return change(keyedSvApp().withAddress("participant-0"), keyedSvApp().withAddress("participant-1"));
    }

    private static Subjects move(Workloads target) {
        return move(Lookup.found(target.read()));
    }

    private static Subjects move(Lookup<io.kmsguard.splice.Workload> target) {
        return moved().withParticipant("participant-0", kmsParticipant()).withParticipant("participant-1", target);
    }
}
