// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Workloads;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.KeyPair;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ManifestSurroundingsTest {

    private static final Deadline DEADLINE = Deadline.in(Duration.ofMinutes(1));

    private static List<Manifest> read(String file, String text) {
        return ManifestReader.read(file, text).manifests();
    }

    private static ManifestSurroundings world(String now, String before) {
        return ManifestSurroundings.of(read("now.yaml", now), read("old.yaml", before), "sv");
    }

    private static String secret(String name, String value) {
        return "---\napiVersion: v1\nkind: Secret\nmetadata: {name: " + name + "}\nstringData: {a: " + value + "}\n";
    }

    private static String app(String namespace, String name, String address) {
        return """
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s, namespace: %s}
                spec:
                  template:
                    spec:
                      containers:
                        - name: sv-app
                          image: sv-app
                          env: [{name: SPLICE_APP_SV_PARTICIPANT_ADDRESS, value: %s}]
                """.formatted(name, namespace, address);
    }

    private static String service(String namespace, String name, String spec) {
        return "---\napiVersion: v1\nkind: Service\nmetadata: {name: %s, namespace: %s}\nspec: %s\n"
                .formatted(name, namespace, spec);
    }

    private static List<String> names(Lookup<List<Workload>> workloads) {
        return workloads.toOptional().orElseThrow().stream()
                .map(workload ->
                        workload.ref().namespace() + "/" + workload.ref().name())
                .toList();
    }

    private static String value(ManifestSurroundings world, String name) {
        return world.get(new ObjectRef("Secret", "sv", name), DEADLINE)
                .map(object -> object.at("/data/a").asString())
                .toOptional()
                .orElse("absent");
    }

    @Test
    void finds_what_is_there_and_nothing_else() {
        var world = world(secret("one", "x"), "");
        assertThat(value(world, "one")).isEqualTo("eA==");
        assertThat(world.get(new ObjectRef("Secret", "other", "one"), DEADLINE)).isEqualTo(Lookup.absent());
        assertThat(world.get(new ObjectRef("ConfigMap", "sv", "one"), DEADLINE)).isEqualTo(Lookup.absent());
    }

    @Test
    void takes_the_new_over_the_old_and_the_later_over_the_earlier() {
        var world = world(secret("one", "y") + secret("one", "z"), secret("one", "x") + secret("two", "x"));
        assertThat(value(world, "one")).isEqualTo("eg==");
        assertThat(value(world, "two")).isEqualTo("eA==");
        assertThat(world.problems())
                .containsExactly(new ManifestProblem(
                        "now.yaml",
                        7,
                        "Secret sv/one is given again, and not as in now.yaml:2; the other objects are judged beside this"
                                + " later one"));
    }

    @Test
    void says_nothing_of_the_same_object_twice() {
        assertThat(world(secret("one", "y") + secret("one", "y"), "").problems())
                .isEmpty();
    }

    @Test
    void does_not_take_other_kinds_of_the_same_name_for_kubernetes_own() {
        var foreign = """
                apiVersion: example.io/v1
                kind: Secret
                metadata: {name: one}
                ---
                apiVersion: example.io/v1
                kind: Deployment
                metadata: {name: one}
                """;
        var world = world(foreign, "");
        assertThat(value(world, "one")).isEqualTo("absent");
        assertThat(names(world.workloads(DEADLINE))).isEmpty();
    }

    @Test
    void leaves_out_what_has_not_the_shape_of_a_workload() {
        var world = world(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: bad}\nspec: 1\n" + app("a", "good", "x"), "");
        assertThat(names(world.workloads(DEADLINE))).containsExactly("a/good");
        assertThat(names(world.workloads("a", DEADLINE))).containsExactly("a/good");
        assertThat(names(world.workloads("sv", DEADLINE))).isEmpty();
    }

    @Test
    void has_no_object_that_a_review_deletes() {
        var delete = """
                ---
                apiVersion: admission.k8s.io/v1
                kind: AdmissionReview
                request:
                  uid: u
                  operation: DELETE
                  namespace: sv
                  oldObject: {apiVersion: v1, kind: Secret, metadata: {name: one}}
                """;
        assertThat(value(world(delete, secret("one", "x")), "one")).isEqualTo("absent");
    }

    @Test
    void has_every_namespace_and_knows_more_of_those_that_a_manifest_names() {
        var world = world("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: going}
                status: {phase: Terminating}
                """, "");
        assertThat(world.get(ObjectRef.ofNamespace("going"), DEADLINE)
                        .map(object -> object.at("/status/phase").asString()))
                .isEqualTo(Lookup.found("Terminating"));
        assertThat(world.get(ObjectRef.ofNamespace("sv"), DEADLINE).map(JsonNode::size))
                .isEqualTo(Lookup.found(0));
    }

    @Test
    void finds_secrets_by_name_and_by_key() {
        var own = Keys.generate();
        var other = Keys.generate();
        var text = pair("a", "key", own) + pair("b", "key", other) + pair("c", "key", own) + pair("d", "backup", own);
        var world = world(text + secret("key", "x"), "");
        var names = new SecretNames("key", "public", "private", "", "", "", "", "");
        assertThat(refs(world.governanceSecrets("key", DEADLINE)))
                .containsExactly("Secret a/key", "Secret b/key", "Secret c/key", "Secret sv/key");
        assertThat(refs(world.holders(Set.of(fingerprint(own)), names, DEADLINE)))
                .containsExactly("Secret a/key", "Secret c/key");
        assertThat(refs(world.holders(Set.of("none"), names, DEADLINE))).isEmpty();
    }

    private static String pair(String namespace, String name, Keys keys) {
        return "---\n" + Workloads.secret(namespace, name, keys.texts()) + "\n";
    }

    private static String fingerprint(Keys keys) {
        return KeyPair.fingerprint(
                        Optional.of(KeyText.of(keys.publicKey())), Optional.of(KeyText.of(keys.privateKey())))
                .orElseThrow();
    }

    private static List<String> refs(Lookup<List<GovernanceSecret>> secrets) {
        return secrets.toOptional().orElseThrow().stream()
                .map(secret -> secret.ref().toString())
                .toList();
    }

    @Test
    void knows_in_which_namespaces_a_participant_may_be() {
        var world = world(
                app("a", "near", "participant")
                        + app("a", "far", "participant.b")
                        + app("a", "alias", "alias")
                        + app("a", "headless", "headless")
                        + app("a", "outside", "participant.example.com")
                        + service("a", "alias", "{type: ExternalName, externalName: participant.b.svc}")
                        + service("a", "headless", "{clusterIP: None}")
                        + service("a", "participant", "{selector: {app: participant}}"),
                "");
        assertThat(names(world.users("a", DEADLINE))).containsExactly("a/near", "a/alias", "a/headless", "a/outside");
        assertThat(names(world.users("b", DEADLINE))).containsExactly("a/far", "a/alias", "a/headless", "a/outside");
    }
}
