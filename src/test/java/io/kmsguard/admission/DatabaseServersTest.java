// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.splice.ParticipantDatabase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DatabaseServersTest {

    private static final String SERVICES = """
            apiVersion: v1
            kind: Service
            metadata: {name: pg, namespace: sv}
            spec: {clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7, "fd00::7"]}
            status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: headless, namespace: sv}
            spec: {clusterIP: None}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: headless-2, namespace: sv}
            spec: {clusterIP: None}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: alias, namespace: sv}
            spec: {type: ExternalName, externalName: pg.sv.svc.cluster.local}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cloud, namespace: sv}
            spec: {type: ExternalName, externalName: db.cloud.example.com}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: circle, namespace: sv}
            spec: {type: ExternalName, externalName: circle.sv.svc.cluster.local}
            """;

    private static ParticipantDatabase at(String server) {
        return new ParticipantDatabase(
                ParticipantDatabase.server(server, "sv"),
                Optional.of("5432"),
                Optional.of("participant_0"),
                Optional.of("public"));
    }

    private static DatabaseServers servers() {
        var manifests = ManifestReader.read("services.yaml", SERVICES).manifests();
        return new DatabaseServers(
                new LookupSession(ManifestSurroundings.of(manifests, List.of(), "sv"), Deadline.none()));
    }

    private static boolean isOne(String one, String other) {
        return servers()
                .shared(List.of(at(one)), List.of(at(other)))
                .equals(Map.of(
                        at(one).server().orElseThrow(),
                        Set.of(at(other).server().orElseThrow())));
    }

    @Test
    void the_addresses_of_a_service_are_that_service() {
        assertThat(List.of("10.96.0.7", "[fd00::7]", "FD00::7", "192.0.2.1")).allMatch(ip -> isOne("pg", ip));
        assertThat(isOne("10.96.0.7", "pg.sv.svc")).isTrue();
        assertThat(isOne("pg", "10.96.0.8")).isFalse();
        assertThat(isOne("headless", "headless-2")).isFalse();
    }

    @Test
    void an_alias_is_what_it_is_an_alias_of() {
        assertThat(isOne("alias", "pg")).isTrue();
        assertThat(isOne("alias", "10.96.0.7")).isTrue();
        assertThat(isOne("cloud", "db.cloud.example.com.")).isTrue();
        assertThat(isOne("cloud", "pg")).isFalse();
    }

    @Test
    void a_circle_of_aliases_is_not_told() {
        assertThat(isOne("circle", "pg")).isFalse();
        assertThat(servers().spelledAs(List.of(at("pg")), at("circle")).server())
                .isEmpty();
    }

    @Test
    void spells_a_database_as_the_one_that_it_is() {
        assertThat(servers().spelledAs(List.of(at("10.96.0.7")), at("pg"))).isEqualTo(at("10.96.0.7"));
        assertThat(servers().spelledAs(List.of(at("10.96.0.8")), at("pg"))).isEqualTo(at("pg"));
    }
}
