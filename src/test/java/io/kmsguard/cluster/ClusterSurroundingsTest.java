// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.ObjectRef;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ClusterSurroundingsTest extends MockedCluster {

    @Test
    void finds_an_object_with_every_field_the_server_sent() {
        answers(SECRET_PATH, 200, SECRET_JSON);

        var found = world.get(SECRET, soon());

        assertThat(found.map(JsonNode::toString)).isEqualTo(Lookup.found(SECRET_JSON));
    }

    @ParameterizedTest
    @CsvSource({"Service,services", "ConfigMap,configmaps", "ServiceAccount,serviceaccounts"})
    void looks_every_kind_up_where_it_lives(String kind, String plural) {
        answers("/api/v1/namespaces/sv/" + plural + "/a.b-c", 200, "{\"kind\":\"" + kind + "\",\"metadata\":{}}");

        assertThat(world.get(new ObjectRef(kind, "sv", "a.b-c"), soon())).isInstanceOf(Lookup.Found.class);
    }

    @Test
    void looks_a_namespace_up_in_the_cluster() {
        answers("/api/v1/namespaces/sv", 200, "{\"kind\":\"Namespace\",\"metadata\":{\"name\":\"sv\"}}");
        answers("/api/v1/namespaces/gone", 404, NOT_FOUND);
        answers("/api/v1/namespaces/hidden", 403, NOT_FOUND);

        assertThat(world.get(ObjectRef.ofNamespace("sv"), soon())).isInstanceOf(Lookup.Found.class);
        assertThat(world.get(ObjectRef.ofNamespace("gone"), soon())).isEqualTo(Lookup.absent());
        assertThat(why(world.get(ObjectRef.ofNamespace("hidden"), soon())))
                .isEqualTo("Namespace hidden could not be read: the guard's account lacks the right to get namespaces"
                        + " in namespace hidden (403)");
    }

    @Test
    void lists_the_secrets_of_one_name_by_a_field_selector() {
        answers(
                "/api/v1/secrets?limit=200&fieldSelector=metadata.name%3Dkey",
                200, page("more", named("a", "key"), named("b", "another")));
        answers(
                "/api/v1/secrets?limit=200&fieldSelector=metadata.name%3Dkey&continue=more",
                200, page("", named("c", "key")));

        assertThat(world.governanceSecrets("key", soon())
                        .map(all -> all.stream()
                                .map(secret -> secret.ref().toString())
                                .toList()))
                .isEqualTo(Lookup.found(List.of("Secret a/key", "Secret c/key")));
    }

    @Test
    void says_why_the_secrets_cannot_be_listed() {
        answers("/api/v1/secrets?limit=200&fieldSelector=metadata.name%3Dkey", 403, NOT_FOUND);
        answers("/api/v1/secrets?limit=200&fieldSelector=metadata.name%3Dlost", 404, NOT_FOUND);

        assertThat(why(world.governanceSecrets("key", soon())))
                .isEqualTo(
                        "secrets key in all namespaces could not be listed: the guard's account lacks the right to list"
                                + " secrets key in all namespaces (403)");
        assertThat(why(world.governanceSecrets("lost", soon())))
                .isEqualTo("secrets lost in all namespaces could not be listed: the API server does not know"
                        + " /api/v1/secrets (404)");
        assertThat(world.governanceSecrets("x&limit=1", soon())).isEqualTo(Lookup.found(List.of()));
    }

    private static String named(String namespace, String name) {
        return "{\"metadata\":{\"namespace\":\"" + namespace + "\",\"name\":\"" + name + "\"}}";
    }

    @Test
    void says_absent_only_where_the_api_server_says_so() {
        answers(SECRET_PATH, 404, NOT_FOUND);

        assertThat(world.get(SECRET, soon())).isEqualTo(Lookup.absent());
    }

    @Test
    void a_404_of_something_that_is_no_api_server_is_unknown() {
        answers(SECRET_PATH, 404, "{\"error\":\"no route\"}");

        assertThat(why(world.get(SECRET, soon())))
                .isEqualTo("Secret sv/key could not be read: what answered 404 at 127.0.0.1:" + server.getPort()
                        + " is no API server");
    }

    @Test
    void says_which_right_is_lacking() {
        answers(SECRET_PATH, 403, NOT_FOUND);
        answers("/apis/apps/v1/deployments?limit=200", 403, NOT_FOUND);

        assertThat(why(world.get(SECRET, soon())))
                .isEqualTo("Secret sv/key could not be read: the guard's account lacks the right to get secrets"
                        + " in namespace sv (403)");
        assertThat(why(world.workloads(soon())))
                .isEqualTo("deployments in all namespaces could not be listed: the guard's account lacks the right to"
                        + " list deployments in all namespaces (403)");
    }

    @Test
    void a_failing_server_is_unknown_by_its_code() {
        answers(SECRET_PATH, 500, "{\"message\":\"QQ==\"}");

        assertThat(why(world.get(SECRET, soon())))
                .isEqualTo("Secret sv/key could not be read: the API server answered 500");
    }

    @Test
    void a_single_hiccup_is_tried_again() {
        server.expect().get().withPath(SECRET_PATH).andReturn(503, "{}").once();
        server.expect().get().withPath(SECRET_PATH).andReturn(200, SECRET_JSON).once();

        assertThat(world.get(SECRET, soon())).isInstanceOf(Lookup.Found.class);
    }

    @Test
    void refused_credentials_are_unknown() {
        answers(SECRET_PATH, 401, "{}");

        assertThat(why(world.get(SECRET, soon())))
                .isEqualTo(
                        "Secret sv/key could not be read: the API server does not accept the guard's credentials (401)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hunter2 is no JSON", "{\"kind\":\"Secret\",\"data\":{\"private\":\"hunter2", "{\"a\":hunter2}"})
    void garbage_is_unknown_and_never_quoted(String garbage) {
        answers(SECRET_PATH, 200, garbage);

        assertThat(why(world.get(SECRET, soon())))
                .isEqualTo("Secret sv/key could not be read: what answered 200 at 127.0.0.1:" + server.getPort()
                        + " sent no JSON");
    }

    @Test
    void another_object_than_the_one_asked_for_is_unknown() {
        answers(SECRET_PATH, 200, "{\"kind\":\"ConfigMap\"}");

        assertThat(why(world.get(SECRET, soon())))
                .isEqualTo("Secret sv/key could not be read: what the API server sent is no Secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../../kube-system/secrets/x", "a/b", "a%2fb", "a?b", "Upper", "key\n", "-key"})
    void a_name_that_no_object_can_have_is_absent_without_asking(String name) {
        assertThat(world.get(new ObjectRef("Secret", "sv", name), soon())).isEqualTo(Lookup.absent());
        assertThat(world.get(new ObjectRef("Secret", "x" + name + "/", "key"), soon()))
                .isEqualTo(Lookup.absent());
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void other_kinds_are_not_looked_up() {
        assertThat(why(world.get(new ObjectRef("Node", "sv", "n"), soon())))
                .isEqualTo("Node sv/n is of a kind that the guard does not look up");
    }

    @Test
    void lists_both_kinds_page_by_page_and_leaves_out_what_is_no_workload() {
        answers(
                "/apis/apps/v1/namespaces/sv/deployments?limit=200",
                200,
                page("a=&/+b", deployment("one"), "{\"metadata\":{\"name\":\"broken\"}}"));
        answers(
                "/apis/apps/v1/namespaces/sv/deployments?limit=200&continue=a%3D%26%2F%2Bb",
                200, page("", deployment("two")));
        answers("/apis/apps/v1/namespaces/sv/statefulsets?limit=200", 200, page("", deployment("three")));

        assertThat(world.workloads("sv", soon()).map(all -> refs(all)))
                .isEqualTo(Lookup.found(List.of("Deployment sv/one", "Deployment sv/two", "StatefulSet sv/three")));
    }

    @Test
    void lists_all_namespaces() {
        answers("/apis/apps/v1/deployments?limit=200", 200, page("", deployment("one")));
        answers("/apis/apps/v1/statefulsets?limit=200", 200, page(""));

        assertThat(world.workloads(soon()).map(all -> refs(all))).isEqualTo(Lookup.found(List.of("Deployment sv/one")));
    }

    @Test
    void half_a_list_is_no_list() {
        answers("/apis/apps/v1/deployments?limit=200", 200, page("more", deployment("one")));
        answers("/apis/apps/v1/deployments?limit=200&continue=more", 410, NOT_FOUND);

        assertThat(why(world.workloads(soon())))
                .isEqualTo(
                        "deployments in all namespaces could not be listed: the API server forgot where it was (410)");
    }

    @Test
    void a_list_without_items_or_without_the_resource_is_unknown() {
        answers("/apis/apps/v1/namespaces/a/deployments?limit=200", 200, "{\"kind\":\"DeploymentList\"}");
        answers("/apis/apps/v1/namespaces/b/deployments?limit=200", 404, NOT_FOUND);

        assertThat(why(world.workloads("a", soon())))
                .isEqualTo("deployments in namespace a could not be listed: what the API server sent is no list");
        assertThat(why(world.workloads("b", soon())))
                .isEqualTo("deployments in namespace b could not be listed: the API server does not know"
                        + " /apis/apps/v1/namespaces/b/deployments (404)");
    }

    @Test
    void a_namespace_that_cannot_be_has_no_workloads() {
        assertThat(world.workloads("../x", soon())).isEqualTo(Lookup.found(List.of()));
        assertThat(server.getRequestCount()).isZero();
    }
}
