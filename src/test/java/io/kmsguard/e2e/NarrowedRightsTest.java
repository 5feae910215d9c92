// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Somebody takes rights from the guard's account: what it cannot look up it cannot tell, and says so. */
class NarrowedRightsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String RELEASE = "0.7.3";
    private static final String KEY = "splice-app-sv-cometbft-governance-key";
    private static final String UNREAD = "Secret narrow/" + KEY
            + " could not be read: the guard's account lacks the right to" + " get secrets in namespace narrow (403)";

    private static ControlPlane plane;
    private static Guard guard;
    private static String svApp;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start();
        guard = Guard.install(plane, "helm4");
        plane.kmsNamespace("narrow");
        plane.kubectl("-n", "narrow", "apply", "-f", rendered("participant-kms-gcp-sample"))
                .mustSucceed();
        plane.kubectl(
                        "apply",
                        "-f",
                        plane.write("key.yaml", GovernanceKey.in("narrow")).toString())
                .mustSucceed();
        svApp = rendered("sv-external-key");
        apply("--dry-run=server").mustSucceed();
    }

    private static String rendered(String scenario) throws IOException {
        var chart = AppChart.of(plane, RELEASE, scenario);
        return plane.write(
                        scenario + ".yaml",
                        plane.run("helm4", "template", scenario, chart, "-n", "narrow")
                                .mustSucceed())
                .toString();
    }

    @AfterAll
    static void stop() throws IOException {
        if (guard != null) {
            guard.close();
        }
        if (plane != null) {
            plane.close();
        }
    }

    private static Ran apply(String... options) throws IOException {
        return plane.kubectl(Stream.concat(Stream.of("apply", "-n", "narrow", "-f", svApp), Stream.of(options))
                .toArray(String[]::new));
    }

    @Test
    void a_secret_that_may_not_be_read_is_a_refusal_or_a_warning_and_both_name_the_right() throws Exception {
        var before = clusterRole();
        replace(withoutSecrets(before));
        Await.until(() -> !mayReadSecrets(), () -> "an account with less rights");

        var refused = apply();
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("admission webhook \"workloads.kms-guard.io\" denied the request: Deployment"
                        + " narrow/sv-app: ")
                .contains(UNREAD)
                .contains("[more: kms-guard explain governance-key-");
        System.out.println("kubectl says of a Secret that the guard may not read: " + refused.err());

        onUnknown("warn");
        Await.until(() -> apply("--dry-run=server").exitCode() == 0, () -> "the policy to be in force");
        var warned = apply();
        warned.mustSucceed();
        assertThat(warned.err())
                .startsWith("Warning: kms-guard governance-key-secret: container sv-app: whether Secret narrow/" + KEY
                        + " holds the governance key could not be told: ");

        onUnknown("deny");
        replace(before);
        plane.kubectl("-n", "narrow", "delete", "deployment", "sv-app").mustSucceed();
        Await.until(
                () -> {
                    var ran = apply("--dry-run=server");
                    return ran.exitCode() == 0 && !ran.err().contains("could not be told");
                },
                () -> "the right that came back, without a restart");
        assertThat(guard.replicas()).allMatch(GuardReplica::isReady);
    }

    private static boolean mayReadSecrets() throws IOException {
        return plane.kubectl(
                                "auth",
                                "can-i",
                                "get",
                                "secrets/" + KEY,
                                "-n",
                                "narrow",
                                "--as=system:serviceaccount:kms-guard:kms-guard")
                        .exitCode()
                == 0;
    }

    private static JsonNode clusterRole() throws IOException {
        return JSON.readTree(
                plane.kubectl("get", "clusterrole", Guard.NAME, "-o", "json").mustSucceed());
    }

    private static JsonNode withoutSecrets(JsonNode role) {
        var narrowed = (ObjectNode) role.deepCopy();
        var rules = (ArrayNode) narrowed.path("rules");
        for (var place = rules.size() - 1; place >= 0; place--) {
            if (rules.path(place).path("resources").toString().contains("\"secrets\"")) {
                rules.remove(place);
            }
        }
        assertThat(rules.size()).isEqualTo(role.path("rules").size() - 1);
        return narrowed;
    }

    private static void replace(JsonNode role) throws IOException {
        var text = (ObjectNode) role.deepCopy();
        ((ObjectNode) text.path("metadata")).remove("resourceVersion");
        plane.kubectl("replace", "-f", plane.write("role.json", text.toString()).toString())
                .mustSucceed();
    }

    private static void onUnknown(String action) throws IOException {
        var patch = JSON.createObjectNode();
        patch.putObject("data")
                .put("policy.yaml", "apiVersion: kms-guard.io/v1\nkind: GuardPolicy\nonUnknown: " + action + "\n");
        plane.kubectl(
                        "-n",
                        Guard.NAMESPACE,
                        "patch",
                        "configmap",
                        "kms-guard-policy",
                        "--type=merge",
                        "-p",
                        patch.toString())
                .mustSucceed();
    }
}
