// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Workloads;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class ConfigRoadsTest {

    private static final String CRYPTO = "canton.participants.participant.crypto.";
    private static final String DRIVER =
            "-D" + CRYPTO + "provider=kms -D" + CRYPTO + "kms.type=driver -D" + CRYPTO + "kms.name=";

    private static Workload workload(Workloads workload) {
        return ((WorkloadReader.Reading.Read) WorkloadReader.read(workload.json(), "sv")).workload();
    }

    private static AdditionalConfig config(Workloads workload) {
        return workload(workload).containers().get(0).config();
    }

    private static List<Optional<KmsConfig>> kms(AdditionalConfig config) {
        return config.cryptos().stream().map(CryptoConfig::identity).toList();
    }

    private static List<String> untold(AdditionalConfig config) {
        return config.untold().stream()
                .map(problem -> problem.key() + " " + problem.text())
                .toList();
    }

    private static Optional<KmsConfig> hsm(String name) {
        return Optional.of(new KmsConfig.Driver(name, Optional.of(Map.of())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void system_properties_are_the_last_fallback(String name) {
        var participant =
                Workloads.participant().withEnv(name, "-XX:+UseG1GC \"" + DRIVER.replace(" ", "\" '") + "a b'");

        assertThat(kms(config(Workloads.participant().withEnv(name, "-Xmx1g " + DRIVER + "a"))))
                .containsExactly(hsm("a"));
        assertThat(config(participant).problem()).isEmpty();
        assertThat(kms(config(Workloads.participant()
                        .withEnv(name, DRIVER + "a")
                        .withEnv("ADDITIONAL_CONFIG_X", CRYPTO + "kms.name = b"))))
                .containsExactly(hsm("b"));
        assertThat(untold(config(participant))).isEmpty();
    }

    @Test
    void of_properties_the_last_one_wins() {
        assertThat(kms(config(Workloads.participant().withEnv("JAVA_TOOL_OPTIONS", DRIVER + "a " + DRIVER + "b"))))
                .containsExactly(hsm("b"));
        assertThat(kms(config(Workloads.participant()
                        .withEnv("_JAVA_OPTIONS", DRIVER + "c")
                        .withEnv("JAVA_TOOL_OPTIONS", DRIVER + "a"))))
                .containsExactly(hsm("c"));
    }

    @Test
    void env_vars_are_properties_only_where_an_option_says_so() {
        var forced = Workloads.participant()
                .withEnv("CONFIG_FORCE_canton_participants_participant_crypto_provider", "kms")
                .withEnv("CONFIG_FORCE_canton_participants_participant_crypto_kms_type", "gcp")
                .withEnv("CONFIG_FORCE_canton_participants_participant_crypto_kms_project__id", "p")
                .withEnv("CONFIG_FORCE_canton_participants_participant_crypto_kms_location__id", "us-east1")
                .withEnv("CONFIG_FORCE_canton_participants_participant_crypto_kms_key__ring__id", "r");

        assertThat(kms(config(forced))).isEmpty();
        assertThat(kms(config(forced.withEnv("JAVA_TOOL_OPTIONS", "-Dconfig.override_with_env_vars=true"))))
                .containsExactly(Optional.of(new KmsConfig.Gcp("p", "us-east1", "r")));
    }

    @Test
    void env_vars_that_are_one_key_and_its_block_are_the_block() {
        var forced = Workloads.participant()
                .withEnv("JAVA_TOOL_OPTIONS", "-Dconfig.override_with_env_vars=true")
                .withEnv("CONFIG_FORCE_canton_participants_participant_crypto_kms_name", "a")
                .withEnv("CONFIG_FORCE_canton_participants_participant_crypto_kms_type", "driver")
                .withEnv("CONFIG_FORCE_canton_participants_participant_crypto_kms", "x")
                .withEnv("CONFIG_FORCE_canton_participants_participant_crypto_provider", "kms");

        assertThat(kms(config(forced))).containsExactly(hsm("a"));
        assertThat(kms(config(Workloads.participant().withEnv("_JAVA_OPTIONS", DRIVER + "a -D" + CRYPTO + "kms=x"))))
                .containsExactly(hsm("a"));
    }

    @Test
    void an_env_var_that_no_key_stands_for_is_told() {
        var forced = Workloads.participant()
                .withEnv("JAVA_TOOL_OPTIONS", "-Dconfig.override_with_env_vars=true")
                .withEnv("CONFIG_FORCE_canton____x", "a");

        assertThat(untold(config(forced)))
                .containsExactly("CONFIG_FORCE_canton____x has more than three underscores in a row, which no key"
                        + " stands for, so whether it changes the participant's keys cannot be determined");
    }

    @Test
    void harmless_options_are_nothing() {
        var config = config(Workloads.participant()
                .withEnv("JAVA_TOOL_OPTIONS", "-XX:+UseG1GC -Dlogback.configurationFile=/app/logback/logback.xml @x"));

        assertThat(untold(config)).isEmpty();
        assertThat(config.cryptos()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "JAVA_TOOL_OPTIONS=-Dconfig.file=/x",
                "JAVA_TOOL_OPTIONS=-Dconfig.url=http://x",
                "JDK_JAVA_OPTIONS=@/etc/options",
                "_JAVA_OPTIONS=-XX:Flags=/x"
            })
    void options_that_lead_to_a_file_are_told(String option) {
        var name = option.substring(0, option.indexOf('='));

        assertThat(untold(config(Workloads.participant().withEnv(name, option.substring(name.length() + 1)))))
                .singleElement()
                .asString()
                .startsWith(name + " ")
                .endsWith("cannot be determined");
    }

    private static Workloads with(String path, String key, Consumer<ObjectNode> source) {
        return Workloads.participant().withVolume("own", source).withMount("own", path, key);
    }

    @Test
    void a_file_over_the_images_own_counts_below_env() {
        var mounted = workload(with(
                        "/app/parameters.conf",
                        "config",
                        volume -> volume.putObject("configMap").put("name", "own"))
                .withEnv("ADDITIONAL_CONFIG_X", CRYPTO + "kms.name = b"));
        var text = "canton.participants.participant.crypto { provider = kms, kms { type = driver, name = a } }";

        assertThat(mounted.references()).contains(new ObjectRef("ConfigMap", "sv", "own"));
        assertThat(untold(mounted.containers().get(0).config()))
                .containsExactly("/app/parameters.conf is key config of ConfigMap own, which cannot be read, so which"
                        + " configuration reaches Canton cannot be determined");
        var read = mounted.completed(ref -> Optional.of(Map.of("config", text)));
        assertThat(kms(read.containers().get(0).config())).containsExactly(hsm("b"));
        assertThat(untold(read.containers().get(0).config())).isEmpty();
    }

    @Test
    void a_file_that_says_otherwise_than_env_is_told() {
        var mounted = workload(with(
                        "/app/parameters.conf",
                        "config",
                        volume -> volume.putObject("configMap").put("name", "own"))
                .withEnv(
                        "ADDITIONAL_CONFIG_X",
                        "canton.participants.participant.crypto { provider = kms, kms { type = driver, name = a } }"));
        var read = mounted.completed(ref -> Optional.of(Map.of("config", CRYPTO + "provider = jce")));

        assertThat(read.containers().get(0).config().problems())
                .containsExactly(new ConfigProblem(
                        CRYPTO + "provider",
                        "is set by /app/parameters.conf from key config of ConfigMap own and set otherwise by what Canton"
                                + " reads behind it",
                        "write it in one place"));
    }

    @Test
    void volumes_that_no_manifest_tells_are_told_and_others_are_nothing() {
        assertThat(untold(config(with("/app/parameters.conf", "x", volume -> volume.putObject("emptyDir")))))
                .hasSize(1);
        assertThat(untold(config(with(
                        "/app/", "", volume -> volume.putObject("configMap").put("name", "own")))))
                .hasSize(1);
        assertThat(untold(config(with("/app/logback", "", volume -> volume.putObject("emptyDir")))))
                .isEmpty();
        assertThat(untold(config(with("/conf/app.conf", "", volume -> volume.putObject("emptyDir")))))
                .isEmpty();
    }

    private static Workloads command(String... words) {
        return Workloads.participant().with(object -> {
            var command = ((ObjectNode) object.at("/spec/template/spec/containers/0")).putArray("command");
            List.of(words).forEach(command::add);
        });
    }

    @Test
    void a_command_of_its_own_is_told_and_the_images_is_not() {
        assertThat(untold(config(command("bash", "-c", "unset X; exec /app/entrypoint.sh"))))
                .singleElement()
                .asString()
                .endsWith(
                        ") replaces the image's entry point, so which configuration reaches Canton cannot be determined");
        assertThat(untold(config(command("/usr/bin/tini", "--", "/app/entrypoint.sh"))))
                .isEmpty();
    }

    @Test
    void what_is_included_is_told() {
        assertThat(untold(config(Workloads.participant()
                        .withEnv("ADDITIONAL_CONFIG_X", "include file(\"/conf/site.conf\")\na = 1"))))
                .containsExactly(
                        "include /conf/site.conf is not read here, so which configuration reaches Canton cannot be"
                                + " determined");
    }

    @Test
    void the_participant_of_an_sv_app_is_what_its_configuration_says() {
        var app = Workloads.svApp()
                .withEnv("ADDITIONAL_CONFIG_X", "canton.sv-apps.sv.participant-client.admin-api.address = other");

        assertThat(workload(app)
                        .containers()
                        .get(0)
                        .participantAddress()
                        .orElseThrow()
                        .value()
                        .text())
                .contains("other");
        assertThat(workload(Workloads.svApp().withEnv("ADDITIONAL_CONFIG_X", "_sv_participant_client.address = third"))
                        .containers()
                        .get(0)
                        .participantAddress()
                        .orElseThrow()
                        .value()
                        .text())
                .contains("third");
    }
}
