// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.change;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import io.kmsguard.splice.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The part of the rule kms-migration that looks at an SV app that is pointed at another participant. */
class ParticipantSwitchTest {

    private static final String GCP = "GCP KMS (project acme-canton, location us-east1, key ring sv-participant)";
    private static final String ENV = " | /spec/template/spec/containers/0/env";

    private static List<String> found(Subjects subject) {
        return Found.by(new KmsMigration(), subject);
    }

    @Test
    void refuses_to_point_an_sv_at_a_participant_that_lost_the_kms() {
        assertThat(found(move(participant().named("participant-1"))))
                .containsExactly(
                        "IRREVERSIBLE SEEN container sv-app: this update moves the SV from participant participant-0,"
                                + " which keeps its keys in " + GCP
                                + ", to participant-1, which keeps its keys itself, so the SV's"
                                + " identity would be left behind for ever | install participant participant-1 anew, on an empty"
                                + " database (persistence.databaseName and persistence.enableParticipantDbConflictCheck:"
                                + " false of splice-participant 0.7.3), with the kms values of participant-0; or keep the address participant-0"
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
        assertThat(found(change(svApp().withoutEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS"), svApp())))
                .isEmpty();
    }

    private static Subjects moved() {
        return change(keyedSvApp().withAddress("participant-0"), keyedSvApp().withAddress("participant-1"));
    }

    private static Subjects move(Workloads target) {
        return move(Lookup.found(target.read()));
    }

    private static Subjects move(Lookup<Workload> target) {
        return moved().withParticipant("participant-0", kmsParticipant()).withParticipant("participant-1", target);
    }
}
