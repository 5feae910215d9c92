// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    private static final String KMS =
            "canton.participants.participant.crypto { provider = kms, kms { type = aws," + " region = us-east-1 } }";
    private static final Optional<KmsConfig> AWS = Optional.of(new KmsConfig.Aws("us-east-1", false));

    private static Optional<Map<String, String>> nothingKnown(ObjectRef ref) {
        return Optional.empty();
    }

    private static Optional<Map<String, String>> nothingThere(ObjectRef ref) {
        return Optional.of(Map.of());
    }

    private static ObjectRef secret(String name) {
        return new ObjectRef("Secret", "sv", name);
    }

    private static ObjectRef configMap(String name) {
        return new ObjectRef("ConfigMap", "sv", name);
    }

    private static Optional<KmsConfig> identity(Workload workload) {
        return workload.containers().get(0).config().cryptos().stream()
                .findFirst()
                .flatMap(CryptoConfig::identity);
    }

    private static List<String> unseen(Workload workload) {
        return workload.containers().get(0).config().unseen();
    }

    @Test
    void refers_to_what_its_configuration_depends_on_and_nothing_else() {
        var workload = Manifest.svApp()
                .secretEnv("ADDITIONAL_CONFIG_A", "a", "k", false)
                .configMapEnv("ADDITIONAL_CONFIG_B", "b", "k", true)
                .env(
                        "ADDITIONAL_CONFIG_C",
                        "_comet_bft_config.enabled = ${ON}\nx.password = ${PASSWORD}\n" + "_comet_bft_config."
                                + Manifest.GOVERNANCE_KEY)
                .secretEnv("ON", "on", "k", false)
                .secretEnv("PASSWORD", "password", "k", false)
                .secretEnv(Manifest.PUBLIC_ENV, "governance", "public", false)
                .secretEnv(Manifest.PRIVATE_ENV, "governance", "private", false)
                .secretEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS", "address", "k", false)
                .secretEnv("SPLICE_APP_SV_COMETBFT_ENABLED", "switch", "k", false)
                .secretEnv("PART", "part", "k", false)
                .env("WHOLE", "$(PART)")
                .env("ADDITIONAL_CONFIG_D", "$(WHOLE)")
                .envFrom("secretRef", "from-secret", "", false)
                .envFrom("configMapRef", "from-map", "P_", true)
                .read();
        assertThat(workload.references())
                .containsExactlyInAnyOrder(
                        secret("from-secret"),
                        configMap("from-map"),
                        secret("a"),
                        configMap("b"),
                        secret("on"),
                        secret("address"),
                        secret("switch"),
                        secret("part"));
    }

    @Test
    void a_container_that_has_nothing_to_do_with_splice_refers_to_nothing() {
        var workload = Manifest.other("web", "nginx:1")
                .secretEnv("SPLICE_X", "s", "k", false)
                .read();
        assertThat(workload.references()).isEmpty();
        assertThat(workload.completed(WorkloadTest::nothingThere)).isSameAs(workload);
        // Of one that takes all its env vars from elsewhere nobody can tell.
        assertThat(Manifest.other("web", "nginx:1")
                        .envFrom("secretRef", "s", "", false)
                        .read()
                        .references())
                .containsExactly(secret("s"));
        assertThat(Manifest.other("main", "mirror/my-canton-build:1")
                        .envFrom("secretRef", "s", "", false)
                        .read()
                        .references())
                .containsExactly(secret("s"));
    }

    @Test
    void configuration_from_a_secret_or_config_map_is_read_once_it_is_known() {
        for (var manifest : List.of(
                Manifest.participant().secretEnv("ADDITIONAL_CONFIG_X", "conf", "kms", false),
                Manifest.participant().configMapEnv("ADDITIONAL_CONFIG_X", "conf", "kms", false))) {
            var workload = manifest.read();
            assertThat(unseen(workload)).hasSize(1);
            var complete = workload.completed(ref -> Optional.of(Map.of("kms", KMS)));
            assertThat(identity(complete)).isEqualTo(AWS);
            assertThat(unseen(complete)).isEmpty();
            assertThat(complete.references()).isEqualTo(workload.references());
        }
    }

    @Test
    void env_from_stands_below_env_and_carries_its_prefix() {
        var workload = Manifest.participant()
                .envFrom("configMapRef", "conf", "ADDITIONAL_CONFIG_", false)
                .env("ADDITIONAL_CONFIG_B", "canton.participants.participant.crypto.kms.region = eu-west-1")
                .read();
        var complete = workload.completed(ref -> Optional.of(Map.of("A", KMS, "B", "never = read")));
        assertThat(identity(complete)).contains(new KmsConfig.Aws("eu-west-1", false));
        assertThat(complete.containers().get(0).env()).hasSize(1);
        assertThat(complete.containers().get(0).env("ADDITIONAL_CONFIG_A"))
                .hasValueSatisfying(variable ->
                        assertThat(variable.path()).isEqualTo("/spec/template/spec/containers/0/envFrom/0"));
    }

    @Test
    void what_env_from_brings_may_be_the_evidence_of_the_role() {
        var workload = Manifest.other("main", "mirror/my-canton-build:0.7.3")
                .envFrom("configMapRef", "conf", "", false)
                .read();
        assertThat(workload.containers().get(0).roles()).isEmpty();
        assertThat(workload.version()).isEmpty();
        var complete = workload.completed(ref -> Optional.of(Map.of("ADDITIONAL_CONFIG_A", KMS)));
        assertThat(complete.containers().get(0).roles()).containsExactly(Role.PARTICIPANT);
        assertThat(complete.version()).contains(SpliceVersion.of(0, 7, 3));
    }

    @Test
    void variables_are_expanded_again() {
        var workload = Manifest.participant()
                .secretEnv("REGION_NAME", "conf", "region", false)
                .env("ADDITIONAL_CONFIG_X", KMS.replace("us-east-1", "$(REGION_NAME)"))
                .read();
        assertThat(unseen(workload))
                .containsExactly("ADDITIONAL_CONFIG_X from a text that holds key region of Secret conf");
        var complete = workload.completed(ref -> Optional.of(Map.of("region", "eu-west-1")));
        assertThat(identity(complete)).contains(new KmsConfig.Aws("eu-west-1", false));
    }

    @Test
    void what_nobody_could_tell_stays_unseen() {
        var workload = Manifest.participant()
                .secretEnv("ADDITIONAL_CONFIG_X", "conf", "kms", true)
                .envFrom("secretRef", "more", "", true)
                .read();
        assertThat(unseen(workload.completed(WorkloadTest::nothingKnown)))
                .containsExactly("ADDITIONAL_CONFIG_X from key kms of Secret conf", "Secret more (envFrom)");
    }

    @Test
    void an_optional_reference_that_is_absent_adds_nothing() {
        var workload = Manifest.participant()
                .env("ADDITIONAL_CONFIG_X", KMS)
                .secretEnv("ADDITIONAL_CONFIG_X", "conf", "kms", true)
                .envFrom("secretRef", "more", "", true)
                .read();
        var complete = workload.completed(WorkloadTest::nothingThere);
        assertThat(unseen(complete)).isEmpty();
        assertThat(identity(complete)).isEqualTo(AWS);
    }

    @Test
    void a_required_reference_that_is_absent_stays_unseen() {
        var workload = Manifest.participant()
                .secretEnv("ADDITIONAL_CONFIG_X", "conf", "kms", false)
                .envFrom("secretRef", "more", "", false)
                .read();
        assertThat(unseen(workload.completed(WorkloadTest::nothingThere)))
                .containsExactly("ADDITIONAL_CONFIG_X from key kms of Secret conf", "Secret more (envFrom)");
    }

    @Test
    void only_what_matters_is_opened() {
        var asked = new ArrayList<ObjectRef>();
        var workload = Manifest.svApp()
                .secretEnv("ADDITIONAL_CONFIG_X", "conf", "k", false)
                .secretEnv(Manifest.PRIVATE_ENV, "governance", "private", false)
                .read();
        var complete = workload.completed(ref -> {
            asked.add(ref);
            return Optional.of(Map.of("k", "a = 1", "private", "hunter2"));
        });
        assertThat(asked).containsOnly(secret("conf"));
        assertThat(complete.containers()
                        .get(0)
                        .env(Manifest.PRIVATE_ENV)
                        .orElseThrow()
                        .value())
                .isEqualTo(new EnvValue.SecretKey("governance", "private", false));
    }

    @Test
    void completing_twice_gives_the_same() {
        var workload = Manifest.participant()
                .secretEnv("ADDITIONAL_CONFIG_X", "conf", "k", false)
                .read();
        Function<ObjectRef, Optional<Map<String, String>>> data = ref -> Optional.of(Map.of("k", KMS));
        var once = workload.completed(data);
        assertThat(identity(once.completed(data))).isEqualTo(identity(once)).isEqualTo(AWS);
        assertThat(identity(once.completed(WorkloadTest::nothingKnown))).isEqualTo(AWS);
    }

    @Test
    void lists_its_containers_by_role() {
        var workload = Manifest.participant().read();
        assertThat(workload.containers(Role.PARTICIPANT)).hasSize(1);
        assertThat(workload.containers(Role.SV_APP)).isEmpty();
    }
}
