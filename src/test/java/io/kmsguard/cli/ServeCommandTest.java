// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.server.DevelopmentCertificates;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        var stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return Main.run(InputStream.nullInputStream(), stream, stream, Map.of("HOME", folder.toString()), args);
    }

    private String printed() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Path world(String... manifests) throws Exception {
        var world = Files.createDirectories(folder.resolve("world"));
        for (var name : manifests) {
            Files.writeString(world.resolve(name + ".yaml"), RunningServe.manifest(name));
        }
        return world;
    }

    @Test
    void judges_by_a_folder_of_manifests_until_it_is_stopped() throws Exception {
        var world = world("participant-kms");
        try (var serve = RunningServe.selfSigned("--manifests", world.toString())) {
            assertThat(serve.printed())
                    .contains("kms-guard: reviews at https://127.0.0.1:" + serve.port() + ", health and metrics at")
                    .contains("; judging by the manifests in " + world + ".\n")
                    .contains("Try: curl --cacert ")
                    .contains(" https://localhost:" + serve.port() + "/validate\n");

            var denied = serve.review("/validate", RunningServe.deployment("sv-without-flag"));

            assertThat(denied.path("allowed").asBoolean()).isFalse();
            assertThat(denied.at("/status/details/causes/0/reason").asString()).isEqualTo("governance-key-flag");
            assertThat(serve.ready("readyz check passed")).contains("[+]world ok");
            assertThat(serve.ops("/metrics").body())
                    .contains("kms_guard_decisions_total{action=\"deny\",rule=\"governance-key-flag\"} 1.0");
            assertThat(serve.logged("decided"))
                    .filteredOn(line -> line.contains("name=\"sv-app\""))
                    .hasSize(1);
            assertThat(serve.stop()).isZero();
            assertThat(serve.events()).extracting("formattedMessage").contains("draining", "stopped");
        }
    }

    @Test
    void sigterm_is_an_orderly_end() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var log = folder.resolve("log").toFile();
        var process = new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "serve",
                        "--self-signed",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        "0",
                        "--ops-port",
                        "0",
                        "--drain-delay",
                        "0s",
                        "--manifests",
                        world().toString())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        try {
            while (process.isAlive() && !Files.readString(log.toPath()).contains("kms-guard: reviews at ")) {
                Thread.sleep(20);
            }
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            // A JVM that nobody ends in order reports the signal: 143.
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void the_ca_of_a_self_made_certificate_is_gone_with_the_server() throws Exception {
        var serve = RunningServe.selfSigned("--manifests", world().toString());
        var printed = serve.printed();
        var ca = Path.of(printed.substring(printed.indexOf("its CA is in ") + 13, printed.indexOf(".pem") + 4));
        assertThat(Files.readString(ca))
                .startsWith("-----BEGIN CERTIFICATE-----")
                .doesNotContain("PRIVATE");

        serve.close();

        assertThat(ca).doesNotExist();
    }

    @Test
    void reads_the_folder_again_when_it_changes_and_keeps_the_last_one_that_was_whole() throws Exception {
        var world = world("participant-kms", "participant-bare");
        var bad = world.resolve("bad.yaml");
        try (var serve = RunningServe.selfSigned("--manifests", world.toString())) {
            Files.writeString(bad, "a: [");
            Files.delete(world.resolve("participant-kms.yaml"));
            assertThat(serve.ready("are in force"))
                    .contains("[+]world ok: the manifests as they were before are in force: " + bad + ":1: ");
            assertThat(serve.review("/validate", RunningServe.deployment("sv-without-flag"))
                            .toString())
                    .contains("GCP KMS (project northwind-canton");

            Files.delete(bad);
            assertThat(serve.ready("[+]world ok\n")).contains("[+]world ok\n");
            assertThat(serve.review("/validate", RunningServe.deployment("sv-without-flag"))
                            .toString())
                    .doesNotContain("GCP KMS");
        }
    }

    @Test
    void serves_with_the_files_it_is_given() throws Exception {
        var tls = folder.resolve("tls");
        DevelopmentCertificates.make(List.of(), Instant.now()).writeTo(tls);
        var ca = tls.resolve("ca.crt");
        for (var options : List.of(
                List.of("--tls-dir", tls.toString()),
                List.of("--tls-cert", tls + "/tls.crt", "--tls-key", tls + "/tls.key"))) {
            var all = new ArrayList<>(options);
            all.addAll(List.of("--manifests", world().toString()));
            try (var serve = new RunningServe(Optional.of(ca), all.toArray(String[]::new))) {
                assertThat(serve.review("/mutate", RunningServe.deployment("sv-with-flag"))
                                .path("allowed")
                                .asBoolean())
                        .isTrue();
                assertThat(serve.printed()).doesNotContain("for development only");
            }
        }
    }

    @Test
    void tells_all_wrong_settings_at_once() {
        var code = run(
                "serve",
                "--self-signed",
                "--tls-key",
                "x",
                "--port",
                "99999",
                "--threads",
                "2",
                "--kubeconfig",
                "/nope");

        assertThat(code).isEqualTo(2);
        assertThat(printed()).isEqualTo("""
                kms-guard: port must be from 0 to 65535, is 99999.
                kms-guard: threads must be from 8 to 64, is 2.
                kms-guard: --tls-dir, --tls-cert with --tls-key, and --self-signed exclude each other.
                kms-guard: The kubeconfig file /nope does not exist.
                """);
    }

    @Test
    void wants_a_certificate_and_a_world() {
        assertThat(run("serve")).isEqualTo(2);
        assertThat(printed()).isEqualTo("""
                kms-guard: Say which certificate to serve with: --tls-dir DIR, --tls-cert FILE with --tls-key FILE, \
                --installed-as NAME in a cluster, or --self-signed for development.
                kms-guard: No cluster is configured: there is no kubeconfig file (KUBECONFIG, %s/.kube/config) and this \
                is no pod of a cluster. Give --kubeconfig FILE, or --manifests DIR for a folder of manifests instead of a \
                cluster.
                """.formatted(folder));
    }

    @Test
    void an_installation_takes_its_policy_from_the_cluster_alone() throws Exception {
        var policy =
                Files.writeString(folder.resolve("policy.yaml"), "apiVersion: kms-guard.io/v1\nkind: GuardPolicy\n");

        var code = run("serve", "--installed-as", "guard", "--namespace", "kms", "--policy", policy.toString());

        assertThat(code).isEqualTo(2);
        assertThat(printed())
                .startsWith(
                        "kms-guard: --policy FILE does not go with --installed-as: the policy of an installation is in"
                                + " ConfigMap guard-policy.\n");
    }

    @Test
    void wants_both_halves_of_a_certificate_and_one_kind_of_world() throws Exception {
        assertThat(run("serve", "--tls-cert", "c", "--manifests", "/nope", "--context", "c"))
                .isEqualTo(2);
        assertThat(run("serve", "--tls-key", "k", "--manifests", world().toString()))
                .isEqualTo(2);
        assertThat(printed()).isEqualTo("""
                kms-guard: --tls-cert needs --tls-key FILE.
                kms-guard: --manifests takes the place of a cluster: leave out --kubeconfig and --context.
                kms-guard: --manifests /nope is no folder.
                kms-guard: --tls-key needs --tls-cert FILE.
                """);
    }

    @Test
    void does_not_start_with_half_a_world() throws Exception {
        var world = world("participant-kms");
        Files.writeString(world.resolve("a.yaml"), "hello");

        assertThat(run("serve", "--self-signed", "--manifests", world.toString()))
                .isEqualTo(2);
        assertThat(printed()).startsWith("kms-guard: " + world.resolve("a.yaml") + ":1: ");
    }

    @Test
    void says_what_is_wrong_with_a_certificate_and_with_a_duration() throws Exception {
        assertThat(run("serve", "--tls-cert", "/nope.crt", "--tls-key", "/nope.key", "--manifests", world().toString()))
                .isEqualTo(2);
        assertThat(run("serve", "--drain-delay", "10")).isEqualTo(2);
        assertThat(printed()).isEqualTo("""
                kms-guard: No certificate to serve with: /nope.crt is not there. Is the Secret mounted, and has it this key?
                kms-guard: Invalid value for option '--drain-delay': '10' is no duration such as 500ms, 10s or 1m30s
                Try: kms-guard serve --help
                """);
    }

    @Test
    void a_key_of_another_certificate_is_named() throws Exception {
        var one = folder.resolve("one");
        var other = folder.resolve("other");
        DevelopmentCertificates.make(List.of(), Instant.now()).writeTo(one);
        DevelopmentCertificates.make(List.of(), Instant.now()).writeTo(other);
        var code = run(
                "serve",
                "--tls-cert",
                one + "/tls.crt",
                "--tls-key",
                other + "/tls.key",
                "--manifests",
                world().toString());

        assertThat(code).isEqualTo(2);
        assertThat(printed())
                .isEqualTo(
                        "kms-guard: No certificate to serve with: " + other + "/tls.key does not belong to " + one
                                + "/tls.crt, which is for another key. Name the key with which the certificate was asked for.\n");
    }

    @Test
    void a_taken_port_is_named() throws Exception {
        try (var serve = RunningServe.selfSigned("--manifests", world().toString())) {
            var code = run(
                    "serve",
                    "--self-signed",
                    "--host",
                    "127.0.0.1",
                    "--ops-port",
                    "0",
                    "--manifests",
                    world().toString(),
                    "--port",
                    String.valueOf(serve.port()));

            assertThat(code).isEqualTo(2);
            assertThat(printed()).startsWith("kms-guard: ").contains("port").contains(String.valueOf(serve.port()));
        }
    }
}
