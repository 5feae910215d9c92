// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.util.List;
import org.junit.jupiter.api.Test;

class GovernanceKeyFlagTest {

    private static final String GCP = "GCP KMS (project acme-canton, location us-east1, key ring sv-participant)";
    private static final String ENV = " | /spec/template/spec/containers/0/env";
    private static final String REST =
            ": true in the values of splice-sv-node 0.7.3, inside cometBFT and not beside it, and"
                    + " have Secret splice-app-sv-cometbft-governance-key with keys public and private in namespace sv"
                    + ENV;
    private static final String FIX = " | set synchronizers.current.cometBFT.externalGovernanceKey" + REST;

    private static List<String> found(Subjects subject) {
        return Found.by(new GovernanceKeyFlag(), subject);
    }

    private static Subjects on(Workloads svApp, Workloads participant) {
        return creationOf(svApp).withParticipant("participant", participant);
    }

    @Test
    void refuses_an_sv_without_key_on_a_kms_participant() {
        assertThat(found(on(svApp(), kmsParticipant())))
                .containsExactly(
                        "BROKEN SEEN container sv-app: CometBFT node current has no external governance key, and its"
                                + " participant sv/participant keeps its keys in " + GCP
                                + ", which gives none out, so the SV app"
                                + " would fail at start" + FIX);
    }

    @Test
    void names_the_values_key_of_each_node() {
        var svApp = keyedSvApp()
                .withNode("successor", "comet-bft-config.enabled = true")
                .withNode("legacy", "comet-bft-config.enabled = true")
                .withEnv(
                        "ADDITIONAL_CONFIG_SV_DOMAIN_MORE",
                        "canton.sv-apps.sv.local-synchronizer-nodes.additional-legacy ="
                                + " [ { comet-bft-config.enabled = true } ]");
        assertThat(found(on(svApp, kmsParticipant())))
                .extracting(line -> line.replaceAll(".*(CometBFT node \\S+).*(set \\S+): true.*", "$1 $2"))
                .containsExactly(
                        "CometBFT node successor set synchronizers.successor.cometBFT.externalGovernanceKey",
                        "CometBFT node legacy set synchronizers.legacy.cometBFT.externalGovernanceKey",
                        "CometBFT node additional-legacy.0"
                                + " set synchronizers.additionalLegacy[0].cometBFT.externalGovernanceKey");
    }

    @Test
    void names_the_values_key_of_the_releases_without_synchronizers() {
        var svApp = svApp().withImage("sv-app:0.5.18")
                .withoutEnv("ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT")
                .withEnv("SPLICE_APP_SV_COMETBFT_ENABLED", "true");
        assertThat(found(on(svApp, kmsParticipant())))
                .singleElement()
                .asString()
                .contains(" | set cometBFT.externalGovernanceKey: true in the values of splice-sv-node 0.5.18, inside");
    }

    @Test
    void names_no_release_that_it_does_not_know() {
        assertThat(found(on(svApp().withImage("sv-app:latest"), kmsParticipant())))
                .singleElement()
                .asString()
                .contains(
                        " | set synchronizers.current.cometBFT.externalGovernanceKey: true in the values of splice-sv-node,"
                                + " inside");
    }

    @Test
    void refuses_an_sv_that_reads_its_key_from_an_env_that_is_not_there() {
        var svApp = keyedSvApp().withoutEnv(Workloads.PRIVATE_ENV);
        assertThat(found(on(svApp, participant())))
                .containsExactly(
                        "BROKEN SEEN container sv-app: CometBFT node current reads its governance key from env "
                                + Workloads.PRIVATE_ENV
                                + ", which the container does not have, so the SV app refuses its"
                                + " configuration" + FIX);
    }

    @Test
    void cannot_tell_whether_an_env_is_there_that_may_come_from_a_source() {
        var svApp = keyedSvApp()
                .withoutEnv(Workloads.PRIVATE_ENV)
                .with(object -> ((tools.jackson.databind.node.ObjectNode) object.at("/spec/template/spec/containers/0"))
                        .putArray("envFrom")
                        .addObject()
                        .putObject("secretRef")
                        .put("name", "more"));
        assertThat(found(on(svApp, participant())))
                .singleElement()
                .asString()
                .startsWith(
                        "BROKEN UNKNOWN container sv-app: CometBFT node current reads its governance key from env ");
    }

    @Test
    void allows_an_sv_with_its_key_and_one_without_cometbft_and_one_without_kms() {
        assertThat(found(on(keyedSvApp(), kmsParticipant()))).isEmpty();
        assertThat(found(on(svApp().withNode("current", "comet-bft-config.enabled = false"), kmsParticipant())))
                .isEmpty();
        assertThat(found(on(svApp(), participant()))).isEmpty();
    }

    @Test
    void warns_of_an_sv_whose_participant_is_not_there_yet() {
        assertThat(found(creationOf(svApp()).withParticipant("participant", Lookup.absent())))
                .containsExactly(
                        "BROKEN NOTICE container sv-app: CometBFT node current has no external governance key, and its"
                                + " participant is not seen yet; on a KMS the SV app would fail at start" + FIX);
    }

    @Test
    void cannot_tell_where_the_participant_cannot_be_read() {
        assertThat(found(creationOf(svApp()).withParticipant("participant", Lookup.unknown("it took too long"))))
                .containsExactly(
                        "BROKEN UNKNOWN container sv-app: CometBFT node current has no external governance key, and"
                                + " whether its participant is on a KMS could not be told: it took too long" + FIX);
        assertThat(found(creationOf(svApp().withoutEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS"))))
                .singleElement()
                .asString()
                .contains("could not be told: the container names no participant | ");
        assertThat(found(creationOf(svApp().withoutEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS")
                        .withFieldEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS"))))
                .singleElement()
                .asString()
                .contains(
                        "could not be told: its address is a field that only the running pod has, which could not be read");
    }

    @Test
    void cannot_tell_what_a_participant_that_hides_its_configuration_is_on() {
        var hidden = participant().withSecretEnv("ADDITIONAL_CONFIG_KMS", "config", "kms");
        assertThat(found(on(svApp(), hidden)))
                .containsExactly(
                        "BROKEN UNKNOWN container sv-app: CometBFT node current has no external governance key, and"
                                + " whether its participant sv/participant is on a KMS could not be told: it takes"
                                + " ADDITIONAL_CONFIG_KMS from key kms of Secret config, which could not be read"
                                + FIX);
        assertThat(found(creationOf(hidden).withSvApps(svApp())))
                .containsExactly(
                        "BROKEN UNKNOWN container participant: whether the participant is on a KMS could not be told"
                                + " (it takes ADDITIONAL_CONFIG_KMS from key kms of Secret config, which could not be read), and"
                                + " CometBFT node current of Deployment sv/sv-app, which runs on it, has no external governance key"
                                + FIX);
    }

    @Test
    void cannot_tell_what_an_sv_with_broken_configuration_needs() {
        assertThat(found(creationOf(svApp().withEnv("ADDITIONAL_CONFIG_X", "a = [ b"))))
                .contains(
                        "BROKEN UNKNOWN container sv-app: whether its CometBFT nodes have a governance key could not be told:"
                                + " its configuration cannot be read | mend what kms-config says of it" + ENV);
    }

    /** Canton BFT has no such key. */
    @Test
    void says_that_only_an_sv_with_cometbft_will_need_a_key_where_there_are_others() {
        assertThat(found(creationOf(kmsParticipant().withImage("registry.example.com/canton-participant:0.8.0"))))
                .containsExactly(
                        "BROKEN NOTICE container participant: an SV with CometBFT on this KMS participant will need"
                                + " cometBFT.externalGovernanceKey and Secret splice-app-sv-cometbft-governance-key | set both"
                                + " before the SV app is installed" + ENV);
    }

    @Test
    void warns_that_the_sv_of_a_fresh_kms_participant_will_need_a_key() {
        assertThat(found(creationOf(kmsParticipant())))
                .containsExactly("BROKEN NOTICE container participant: an SV on this KMS participant will need"
                        + " cometBFT.externalGovernanceKey and Secret splice-app-sv-cometbft-governance-key | set both"
                        + " before the SV app is installed" + ENV);
    }

    @Test
    void refuses_a_kms_participant_under_a_running_sv_without_key() {
        assertThat(found(creationOf(kmsParticipant()).withSvApps(svApp(), keyedSvApp())))
                .containsExactly(
                        "BROKEN SEEN container participant: the participant keeps its keys in " + GCP + ", which gives"
                                + " none out, and CometBFT node current of Deployment sv/sv-app, which runs on it, has no external"
                                + " governance key" + FIX);
    }

    @Test
    void allows_the_participant_of_a_validator() {
        var users = new Facts.Users(List.of(), List.of(), List.of(svApp().read()));
        assertThat(found(creationOf(kmsParticipant()).withUsers(Lookup.found(users))))
                .isEmpty();
        assertThat(found(creationOf(participant()))).isEmpty();
    }

    @Test
    void cannot_tell_which_svs_run_on_a_participant_where_nobody_can_list_them() {
        var start = "BROKEN UNKNOWN container participant: whether an SV app without governance key runs on this KMS"
                + " participant could not be told";
        var end = " | let the guard list Deployments and Services, and try again" + ENV;
        assertThat(found(creationOf(kmsParticipant()).withUsers(Lookup.unknown("the list was refused"))))
                .containsExactly(start + ": the list was refused" + end);
        assertThat(found(creationOf(kmsParticipant()).withUsers(Lookup.absent())))
                .containsExactly(start + end);
    }
}
