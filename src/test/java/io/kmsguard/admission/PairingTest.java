// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.service;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Workloads;
import io.kmsguard.splice.ObjectRef;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class PairingTest {

    private static Pairing in(JsonNode... objects) {
        return new Pairing(new LookupSession(GoldenWorld.of(objects), Deadline.in(Duration.ofMinutes(1))));
    }

    private static Lookup<ObjectRef> reached(String address, JsonNode... objects) {
        return in(objects).participant(address, "sv").map(workload -> workload.ref());
    }

    private static Lookup<Facts.Users> users(JsonNode... objects) {
        return in(objects).users(kmsParticipant().read());
    }

    private static JsonNode alias(String name, String target) {
        var alias = service("sv", name, "any");
        ((ObjectNode) alias.path("spec")).put("type", "ExternalName").put("externalName", target);
        return alias;
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "node.sv", "node.sv.svc", "node.sv.svc.cluster.local", "NODE.sv."})
    void an_address_leads_through_the_selector_of_its_service(String address) {
        assertThat(reached(
                        address,
                        service("sv", "node", "participant"),
                        participant().json(),
                        participant().named("node").in("other").json()))
                .isEqualTo(Lookup.found(new ObjectRef("Deployment", "sv", "participant")));
    }

    @Test
    void without_a_service_the_workload_of_that_name_is_meant() {
        assertThat(reached("participant", participant().ofKind("StatefulSet").json()))
                .isEqualTo(Lookup.found(new ObjectRef("StatefulSet", "sv", "participant")));
        assertThat(reached("participant-1", participant().json())).isEqualTo(Lookup.absent());
    }

    @Test
    void another_namespace_is_another_world() {
        assertThat(reached("participant.canton", participant().json())).isEqualTo(Lookup.absent());
        assertThat(reached("participant.canton", participant().in("canton").json()))
                .isEqualTo(Lookup.found(new ObjectRef("Deployment", "canton", "participant")));
    }

    @Test
    void what_is_no_participant_is_none() {
        assertThat(reached("sv-app", svApp().json())).isEqualTo(Lookup.absent());
    }

    @Test
    void of_several_the_one_on_a_kms_counts() {
        assertThat(reached(
                        "node",
                        service("sv", "node", "participant"),
                        participant().json(),
                        kmsParticipant().named("participant-2").json()))
                .isEqualTo(Lookup.found(new ObjectRef("Deployment", "sv", "participant-2")));
    }

    @Test
    void an_alias_is_followed_but_not_for_ever() {
        assertThat(reached(
                        "alias",
                        alias("alias", "participant.sv.svc.cluster.local"),
                        participant().json()))
                .isEqualTo(Lookup.found(new ObjectRef("Deployment", "sv", "participant")));
        assertThat(reached("alias", alias("alias", "alias")))
                .isEqualTo(Lookup.unknown("Service sv/alias is an alias of an alias, too long to follow"));
    }

    @Test
    void what_leads_out_of_the_cluster_cannot_be_told() {
        assertThat(reached("participant.example.com"))
                .isEqualTo(Lookup.unknown("the address participant.example.com names no Service of this cluster"));
        var bare = service("sv", "node", "participant");
        ((ObjectNode) bare.path("spec")).remove("selector");
        assertThat(reached("node", bare))
                .isEqualTo(Lookup.unknown("Service sv/node has no selector that would tell its pods"));
    }

    @Test
    void the_apps_on_a_participant_are_found_in_every_namespace() {
        var users = users(
                svApp().json(),
                keyedSvApp().in("other").withAddress("participant.sv.svc").json(),
                svApp().named("stranger").withAddress("participant-1").json(),
                validator("participant").json(),
                validator("participant.example.com").named("validator-2").json());
        assertThat(users.map(found -> found.svApps().stream()
                                .map(app -> app.ref().toString())
                                .toList())
                        .toOptional())
                .hasValueSatisfying(names ->
                        assertThat(names).containsExactlyInAnyOrder("Deployment sv/sv-app", "Deployment other/sv-app"));
        assertThat(users.map(found -> found.validatorApps().size())).isEqualTo(Lookup.found(1));
    }

    @Test
    void an_sv_whose_participant_cannot_be_told_may_be_on_any() {
        assertThat(users(svApp().withAddress("participant.example.com").json()))
                .isEqualTo(Lookup.unknown("the address participant.example.com names no Service of this cluster"));
        var hidden = svApp().withoutEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS")
                .withFieldEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS");
        assertThat(users(hidden.json()))
                .isEqualTo(Lookup.unknown(
                        "the participant address of Deployment sv/sv-app is a field that only the running"
                                + " pod has, which could not be read"));
    }

    @Test
    void an_address_from_a_secret_is_looked_up() {
        var svApp = svApp().withoutEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS")
                .withSecretEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS", "addresses", "participant");
        var secret = Workloads.secret("sv", "addresses", java.util.Map.of("participant", "participant"));
        assertThat(users(svApp.json(), secret).map(found -> found.svApps().size()))
                .isEqualTo(Lookup.found(1));
    }

    private static Workloads validator(String address) {
        return participant()
                .named("validator-app")
                .withContainerName("validator-app")
                .withImage("validator-app:0.7.3")
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_SERVER")
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_DB")
                .withEnv("SPLICE_APP_VALIDATOR_PARTICIPANT_ADDRESS", address);
    }
}
