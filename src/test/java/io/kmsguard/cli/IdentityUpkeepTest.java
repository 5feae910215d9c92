// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.kmsguard.admission.IdentityText;
import io.kmsguard.admission.IdentityWriter;
import io.kmsguard.admission.ManifestReader;
import io.kmsguard.admission.ManifestSurroundings;
import io.kmsguard.cluster.ClusterAccess;
import io.kmsguard.cluster.ClusterClient;
import io.kmsguard.cluster.ClusterSurroundings;
import io.kmsguard.cluster.Installation;
import io.kmsguard.cluster.WatchedSurroundings;
import io.kmsguard.policy.Workloads;
import io.kmsguard.server.Readiness.State;
import io.kmsguard.splice.KmsDrivers;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A participant runs, and an API server tells of the memory what a test wants. */
class IdentityUpkeepTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Clock MONDAY = Clock.fixed(Instant.parse("2026-11-23T10:00:00Z"), ZoneOffset.UTC);
    private static final String PATH = "/api/v1/namespaces/kms/configmaps/guard-identities";
    private static final String HEAD = "apiVersion: kms-guard.io/v1\nkind: ParticipantIdentities\ndatabases:\n";
    private static final String MINE = """
            - server: participant-pg.sv
              port: "5432"
              database: participant_0
              schema: public
              keys: [{type: gcp, project: acme-canton, location: us-east1, keyRing: sv-participant}]
              workload: {kind: Deployment, namespace: sv, name: participant}
              lastSeen: 2026-11-23
            """;

    private final KubernetesMockServer api = new KubernetesMockServer(false);
    private Optional<KmsDrivers> drivers = Optional.of(KmsDrivers.NONE);
    private boolean leading = true;
    private ClusterClient client;
    private WatchedSurroundings world;
    private IdentityUpkeep upkeep;

    @BeforeEach
    void start() {
        api.init(InetAddress.getLoopbackAddress(), 0);
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + api.getPort())
                .build();
        var access = new ClusterAccess.Configured(config, "a test");
        client = ClusterClient.of(access);
        world = new WatchedSurroundings(ClusterSurroundings.of(access), new Installation("kms", "guard"));
        var running = ManifestSurroundings.of(
                ManifestReader.read("running", Workloads.kmsParticipant().json().toString())
                        .manifests(),
                List.of(),
                "sv");
        upkeep = new IdentityUpkeep(world.identities(), client, running, () -> drivers, () -> leading, MONDAY);
    }

    @AfterEach
    void stop() {
        world.close();
        client.close();
        api.destroy();
    }

    private static String other(String number) {
        return """
                - server: pg-%1$s.other
                  port: "5432"
                  database: participant_%1$s
                  schema: participant
                  keys: []
                  workload: {kind: Deployment, namespace: other-%1$s, name: participant}
                  lastSeen: 2026-11-20
                """.formatted(number);
    }

    private static String configMap(int version, String text) {
        var object = JSON.createObjectNode();
        object.put("apiVersion", "v1").put("kind", "ConfigMap");
        object.putObject("metadata")
                .put("name", "guard-identities")
                .put("namespace", "kms")
                .put("resourceVersion", String.valueOf(version));
        object.putObject("data").put("identities.yaml", text);
        return object.toString();
    }

    /** So often from now on; a write looks a second time. */
    private void holds(int version, String text, int times) {
        api.expect()
                .get()
                .withPath(PATH)
                .andReturn(200, configMap(version, text))
                .times(times);
    }

    /** The same memory as it is written. */
    private static String written(String text) {
        return IdentityWriter.write(((IdentityText.Reading.Read) IdentityText.read(text)).memory());
    }

    /** The copy as it is found by one look after another. */
    private void hasCopies(String... texts) {
        for (var text : texts) {
            api.expect()
                    .get()
                    .withPath(PATH + "-copy")
                    .andReturn(
                            text.isEmpty() ? 404 : 200,
                            text.isEmpty() ? "{\"kind\":\"Status\",\"code\":404}" : configMap(1, text))
                    .once();
        }
        api.expect()
                .patch()
                .withPath(PATH + "-copy?fieldManager=kms-guard&force=true")
                .andReturn(200, configMap(1, ""))
                .always();
    }

    private void answersTheWrite(int code) {
        api.expect()
                .patch()
                .withPath(PATH + "?fieldManager=kms-guard")
                .andReturn(code, code == 200 ? configMap(8, "") : "{\"kind\":\"Status\",\"code\":" + code + "}")
                .once();
    }

    /** The version and the text of each write. */
    private List<String> writes() throws InterruptedException {
        var writes = new ArrayList<String>();
        for (var request = api.takeRequest(0, TimeUnit.SECONDS);
                request != null;
                request = api.takeRequest(0, TimeUnit.SECONDS)) {
            if (request.getMethod().equals("PATCH") && !request.getPath().contains("-copy")) {
                JsonNode patch = JSON.readTree(request.getUtf8Body());
                writes.add(patch.at("/metadata/resourceVersion").asString("") + "\n"
                        + patch.path("data").path("identities.yaml").asString(""));
            }
        }
        return writes;
    }

    @Test
    void what_another_one_wrote_meanwhile_stays() throws Exception {
        hasCopies("", HEAD + MINE, HEAD + MINE + other("1"));
        holds(1, "", 2);
        answersTheWrite(409);
        holds(2, HEAD + other("1"), 2);
        answersTheWrite(200);
        holds(3, HEAD + MINE + other("1"), 1);

        assertThat(upkeep.settle()).isTrue();

        assertThat(writes()).containsExactly("1\n" + written(HEAD + MINE), "2\n" + written(HEAD + MINE + other("1")));
        assertThat(upkeep.state()).isEqualTo(State.ok());
    }

    @Test
    void nothing_is_compared_before_there_is_a_policy() throws Exception {
        drivers = Optional.empty();

        assertThat(upkeep.settle()).isFalse();

        assertThat(api.getRequestCount()).isZero();
        assertThat(upkeep.state()).isEqualTo(State.ok());
    }

    @Test
    void conflicts_are_counted_at_every_entry_and_by_the_leader_alone() throws Exception {
        var conflict =
                "  conflict: {keys: [{type: gcp, project: p, location: l, keyRing: r}], workload: {kind: Deployment,"
                        + " namespace: other, name: participant}, since: 2026-11-21}\n";
        var all = HEAD + MINE.stripTrailing() + "\n" + other("1") + conflict + other("2") + conflict;
        hasCopies(all);
        holds(1, all, 1);

        assertThat(upkeep.conflicts()).isZero();
        assertThat(upkeep.settle()).isTrue();
        assertThat(upkeep.conflicts()).isEqualTo(2);
        leading = false;
        assertThat(upkeep.conflicts()).isZero();
    }

    @Test
    void whoever_is_overtaken_again_and_again_tries_later() throws Exception {
        hasCopies("", HEAD + MINE, HEAD + MINE, HEAD + MINE);
        for (var version = 1; version <= 4; version++) {
            holds(version, "", 2);
            answersTheWrite(409);
        }

        assertThat(upkeep.settle()).isFalse();

        assertThat(writes()).hasSize(4);
        assertThat(upkeep.state()).isEqualTo(State.ok());
    }

    @Test
    void a_full_memory_is_told_and_nothing_is_forgotten_for_it() throws Exception {
        var many =
                IntStream.range(0, 4_000).mapToObj(number -> other("" + number)).collect(Collectors.joining());
        var room = 999_900 - written(HEAD + many + other("")).length();
        var full = written(HEAD + many + other("x".repeat(room / 3)));
        var mine = written(HEAD + MINE + other("1")).length()
                - written(HEAD + other("1")).length();
        hasCopies("");
        holds(1, full, 1);

        assertThat(upkeep.settle()).isFalse();

        assertThat(writes()).isEmpty();
        assertThat(upkeep.state())
                .isEqualTo(State.ok(
                        "what runs cannot be remembered: ConfigMap kms/guard-identities is full: 4002 databases"
                                + " take " + (full.length() + mine)
                                + " bytes; kms-guard identities forget takes out those that were dropped"));
    }

    @Test
    void what_an_upgrade_by_force_has_emptied_is_written_back() throws Exception {
        var whole = HEAD + MINE + other("1");
        hasCopies(whole, whole, whole);
        holds(1, "", 2);
        answersTheWrite(200);
        holds(2, whole, 1);

        assertThat(upkeep.settle()).isTrue();

        assertThat(writes()).containsExactly("1\n" + written(whole));
        assertThat(upkeep.state()).isEqualTo(State.ok());
    }

    @Test
    void an_entry_that_is_merely_missing_is_put_back_and_one_that_was_forgotten_is_not() throws Exception {
        var gone = """
                forgotten:
                - {server: pg-2.other, port: "5432", database: participant_2, schema: participant, day: 2026-11-21, by: ada}
                """;
        hasCopies(HEAD + MINE + other("1") + other("2"), HEAD + MINE + other("1") + gone);
        holds(1, HEAD + MINE + gone, 2);
        answersTheWrite(200);
        holds(2, HEAD + MINE + other("1") + gone, 1);

        assertThat(upkeep.settle()).isTrue();

        assertThat(writes()).containsExactly("1\n" + written(HEAD + MINE + other("1") + gone));
    }

    @Test
    void what_differs_from_the_first_sight_is_a_conflict_and_no_news() throws Exception {
        var first = HEAD + MINE.replace("sv-participant", "first-ring").replace("2026-11-23", "2026-11-20");
        var conflict = """
                  conflict:
                    keys: [{type: gcp, project: acme-canton, location: us-east1, keyRing: sv-participant}]
                    workload: {kind: Deployment, namespace: sv, name: participant}
                    since: 2026-11-23
                """;
        hasCopies(first, first + conflict);
        holds(1, first, 2);
        answersTheWrite(200);
        holds(2, first + conflict, 1);

        assertThat(upkeep.settle()).isTrue();

        assertThat(writes()).containsExactly("1\n" + written(first + conflict));
    }

    @Test
    void who_does_not_lead_asks_and_writes_nothing() throws Exception {
        leading = false;

        assertThat(upkeep.settle()).isFalse();

        assertThat(api.getRequestCount()).isZero();
    }
}
