// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Workloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IncludeTest {

    private static final String CRYPTO = "canton.participants.participant.crypto";
    private static final String SITE = CRYPTO + " { provider = kms, kms { type = driver, name = site } }";
    private static final ObjectRef OWN = new ObjectRef("ConfigMap", "sv", "own");
    private static final String UNTOLD = ", so which configuration reaches Canton cannot be determined";

    /** A participant with the folder /conf out of ConfigMap own. */
    private static Workloads including(String hocon) {
        return Workloads.participant()
                .withVolume("conf", volume -> volume.putObject("configMap").put("name", "own"))
                .withMount("conf", "/conf", "")
                .withEnv("ADDITIONAL_CONFIG_X", hocon);
    }

    private static Workload read(Workloads workload) {
        return ((WorkloadReader.Reading.Read) WorkloadReader.read(workload.json(), "sv")).workload();
    }

    /** As a session does it: again until nothing new comes. */
    private static Workload completed(Workloads workload, Function<ObjectRef, Optional<Map<String, String>>> data) {
        var whole = read(workload);
        for (var known = Set.<String>of(); !known.equals(whole.sources()); ) {
            known = whole.sources();
            whole = whole.completed(data);
        }
        return whole;
    }

    private static AdditionalConfig config(Workloads workload, Map<String, String> own) {
        return completed(workload, ref -> ref.equals(OWN) ? Optional.of(own) : Optional.empty())
                .containers()
                .get(0)
                .config();
    }

    private static List<String> names(AdditionalConfig config) {
        return config.cryptos().stream()
                .flatMap(crypto -> crypto.identity().stream())
                .map(KmsConfig::describe)
                .toList();
    }

    private static List<String> untold(AdditionalConfig config) {
        return config.untold().stream()
                .map(problem -> problem.key() + " " + problem.text())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "include file(\"/conf/site.conf\")",
                "include required(file(\"/conf/site.conf\"))",
                "include \"/conf/site.conf\"",
                "include required(\"/conf/../conf/site.conf\")",
                "include \"../conf/site.conf\""
            })
    void what_a_mounted_config_map_holds_counts_where_it_is_included(String include) {
        assertThat(read(including(include)).references()).contains(OWN);
        var config = config(including(include + "\n" + CRYPTO + ".kms.name = last"), Map.of("site.conf", SITE));
        assertThat(names(config)).containsExactly("KMS driver last");
        assertThat(untold(config)).isEmpty();
        assertThat(names(config(including(CRYPTO + ".kms.name = first\n" + include), Map.of("site.conf", SITE))))
                .containsExactly("KMS driver site");
    }

    @Test
    void what_is_included_reads_the_env_and_counts_below_its_place() {
        var text = "provider = kms\nkms { type = driver, name = ${SLOT} }";
        var config = config(
                including(CRYPTO + " { include file(\"/conf/site.conf\") }").withEnv("SLOT", "third"),
                Map.of("site.conf", text));
        assertThat(names(config)).containsExactly("KMS driver third");
    }

    @Test
    void what_is_included_includes_more_beside_itself() {
        var config = config(
                including("include file(\"/conf/site.conf\")"),
                Map.of("site.conf", "include \"more.conf\"\na = 1", "more.conf", SITE));
        assertThat(names(config)).containsExactly("KMS driver site");
        assertThat(untold(config)).isEmpty();
    }

    @Test
    void what_is_included_from_a_config_map_that_is_not_read_or_lacks_it_is_told() {
        var workload = including("include file(\"/conf/site.conf\")");
        var told = "include /conf/site.conf is key site.conf of ConfigMap own, which cannot be read" + UNTOLD;
        assertThat(untold(read(workload).containers().get(0).config())).containsExactly(told);
        assertThat(untold(config(workload, Map.of("other.conf", SITE)))).containsExactly(told);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file(\"site.conf\")", "file(\"/etc/site.conf\")", "\"/conf/site\"", "\"/conf/a\\u0000.conf\""})
    void what_no_manifest_tells_is_told(String include) {
        assertThat(untold(config(including("include " + include), Map.of("site.conf", SITE))))
                .singleElement()
                .asString()
                .endsWith(UNTOLD);
    }

    @Test
    void an_address_is_told_without_what_it_holds() {
        assertThat(untold(config(including("include \"https://ada:hunter2@example.com/site.conf\""), Map.of())))
                .containsExactly("include an URL is not read here" + UNTOLD);
    }

    @Test
    void the_nearest_mount_holds_the_file() {
        var covered = including("include file(\"/conf/sub/site.conf\")")
                .withVolume("scratch", volume -> volume.putObject("emptyDir"))
                .withMount("scratch", "/conf/sub", "");
        assertThat(untold(config(covered, Map.of("sub/site.conf", SITE))))
                .containsExactly("include /conf/sub/site.conf is not read here" + UNTOLD);
        var one = Workloads.participant()
                .withVolume("one", volume -> {
                    var map = volume.putObject("configMap").put("name", "own");
                    map.putArray("items").addObject().put("key", "k").put("path", "p.conf");
                })
                .withMount("one", "/etc/one.conf", "p.conf")
                .withEnv("ADDITIONAL_CONFIG_X", "include file(\"/etc/one.conf\")");
        assertThat(names(config(one, Map.of("k", SITE)))).containsExactly("KMS driver site");
    }

    @Test
    void the_guards_own_disk_is_never_read(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("site.conf"), SITE);
        var config = config(including("include file(\"" + file + "\")"), Map.of());
        assertThat(config.cryptos()).isEmpty();
        assertThat(untold(config)).hasSize(1);
    }

    @Test
    void files_that_include_each_other_end() {
        var twice = "include \"site.conf\"\ninclude \"site.conf\"\n";
        var config = config(including(twice.replace("site", "/conf/site")), Map.of("site.conf", twice));
        assertThat(untold(config)).hasSize(2).allMatch(told -> told.startsWith("include "));
    }

    @Test
    void much_that_is_included_is_told_and_not_read() {
        var large = IntStream.range(0, 10_000).mapToObj(i -> "k" + i + " = 1").collect(Collectors.joining("\n"));
        assertThat(untold(config(including("include file(\"/conf/site.conf\")"), Map.of("site.conf", large))))
                .hasSize(1);
    }

    @Test
    void the_same_text_that_includes_something_else_is_another_configuration() {
        var workload = including("include file(\"/conf/site.conf\")");
        var config = config(workload, Map.of("site.conf", SITE));
        assertThat(config.hasSameTextAs(config(workload, Map.of("site.conf", SITE))))
                .isTrue();
        assertThat(config.hasSameTextAs(config(workload, Map.of("site.conf", "a = 1"))))
                .isFalse();
    }

    @Test
    void a_text_that_canton_cannot_read_is_told_with_its_file() {
        var config = config(including("include file(\"/conf/site.conf\")"), Map.of("site.conf", "a {"));
        assertThat(config.unreadable().orElseThrow())
                .startsWith("Canton cannot read env ADDITIONAL_CONFIG_X: /conf/site.conf: 1: ");
    }

    private static List<EffectiveConfig.Entry> entries(Workload whole, Workload withoutSecrets) {
        return EffectiveConfig.of(
                        whole.containers().get(0), withoutSecrets.containers().get(0))
                .entries();
    }

    @Test
    void effective_shows_where_it_is_from() {
        var workload = including("a = 1\ninclude file(\"/conf/site.conf\")").withEnv("SLOT", "third");
        var whole = completed(
                workload,
                ref -> ref.equals(OWN) ? Optional.of(Map.of("site.conf", "\nb = 2\nc = ${SLOT}")) : Optional.empty());
        assertThat(entries(whole, whole))
                .containsExactly(
                        new EffectiveConfig.Entry(List.of("a"), "1", "ADDITIONAL_CONFIG_X", 1, List.of()),
                        new EffectiveConfig.Entry(List.of("b"), "2", "/conf/site.conf", 2, List.of()),
                        new EffectiveConfig.Entry(List.of("c"), "\"third\"", "/conf/site.conf", 3, List.of()));
    }

    @Test
    void effective_tells_what_it_does_not_show() {
        var untold = read(including("include file(\"/conf/site.conf\")"))
                .containers()
                .get(0);
        assertThat(EffectiveConfig.of(untold, untold).unseen())
                .containsExactly(
                        "include /conf/site.conf is key site.conf of ConfigMap own, which cannot be read" + UNTOLD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app/parameters.conf", "/conf/site.conf"})
    void effective_shows_nothing_of_a_secret(String path) {
        var workload = Workloads.participant()
                .withVolume("conf", volume -> volume.putObject("secret").put("secretName", "own"))
                .withMount("conf", path, "site.conf")
                .withEnv("ADDITIONAL_CONFIG_X", "include file(\"/conf/site.conf\")");
        var whole = completed(
                workload,
                ref -> ref.kind().equals("Secret")
                        ? Optional.of(Map.of("site.conf", "b = hunter2"))
                        : Optional.empty());
        assertThat(entries(whole, read(workload)))
                .containsExactly(new EffectiveConfig.Entry(
                        List.of("b"), "\"<from Secret own, key site.conf>\"", path, 1, List.of()));
    }
}
