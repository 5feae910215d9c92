// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A cluster in which the guard's workloads are a few among thousands: what does not concern the guard costs it nothing, and never
 * ends it.
 */
class LargeClusterTest {

    /** {@code -Dlarge.deployments=15000} for the larger ones of docs/performance.md. */
    private static final int ORDINARY = Integer.getInteger("large.deployments", 5_000);

    private static final int LARGE = 20;
    private static final int CALLERS = 8;

    private static ControlPlane plane;
    private static Guard guard;

    @BeforeAll
    static void start() throws Exception {
        plane = ControlPlane.start();
        plane.kubectl("create", "namespace", "ordinary").mustSucceed();
        var began = System.nanoTime();
        fill();
        System.out.println("filled in " + (System.nanoTime() - began) / 1_000_000 + " ms");
        guard = Guard.install(plane, "helm4", "--set", "policy.audit.interval=30s");
        for (var start = 0; start < Integer.getInteger("large.starts", 1); start++) {
            figures();
        }
    }

    /** Told, and held to nothing: how long one more replica takes to be ready, and what it then holds. */
    private static void figures() throws Exception {
        var began = System.nanoTime();
        var third = guard.start("c");
        third.awaitReady();
        System.out.println("ready after " + (System.nanoTime() - began) / 1_000_000 + " ms");
        System.out.println("resident " + megabytes(third, "VmRSS") + " MiB, at most " + megabytes(third, "VmHWM"));
        assertThat(guard.stop(third)).isZero();
    }

    private static int megabytes(GuardReplica replica, String field) throws IOException {
        var status = Files.readString(Path.of("/proc", replica.process().pid(), "status"), StandardCharsets.UTF_8);
        var matcher = Pattern.compile(field + ":\\s+(\\d+) kB").matcher(status);
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1)) / 1024;
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

    private static void fill() throws Exception {
        plane.kubectl("create", "namespace", "filler").mustSucceed();
        plane.kubectl("-n", "filler", "create", "serviceaccount", "filler").mustSucceed();
        plane.kubectl(
                        "create",
                        "clusterrolebinding",
                        "filler",
                        "--clusterrole=cluster-admin",
                        "--serviceaccount=filler:filler")
                .mustSucceed();
        var threads = Executors.newFixedThreadPool(CALLERS);
        try (var client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(
                        plane.kubeconfig("filler", "filler").toFile()))
                .build()) {
            var tasks = new ArrayList<Callable<Void>>();
            for (var number = 0; number < ORDINARY; number++) {
                var object = ordinary(number, number < LARGE ? 300_000 : 4_500);
                tasks.add(() -> {
                    create(client, object);
                    return null;
                });
            }
            for (var done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void create(KubernetesClient client, String object) {
        client.raw("/apis/apps/v1/namespaces/ordinary/deployments", "POST", object);
    }

    /** Paused, so that no controller makes anything of it. */
    private static String ordinary(int number, int bytes) {
        var some = new StringBuilder();
        for (var i = 0; some.length() < bytes / 2; i++) {
            some.append("{\"name\":\"SETTING_")
                    .append(i)
                    .append("\",\"value\":\"")
                    .append("x".repeat(60))
                    .append("\"},");
        }
        some.setLength(some.length() - 1);
        return """
                {"apiVersion":"apps/v1","kind":"Deployment",
                 "metadata":{"name":"web-%d","annotations":{"note":"%s"}},
                 "spec":{"paused":true,"replicas":0,"selector":{"matchLabels":{"app":"web"}},
                  "template":{"metadata":{"labels":{"app":"web"}},
                   "spec":{"containers":[{"name":"web","image":"registry.example.com/web:1","env":[%s]}]}}}}
                """.formatted(number, "n".repeat(bytes / 2), some);
    }

    private static String flagless(String namespace) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: sv-app, namespace: %s}
                spec:
                  selector: {matchLabels: {app: sv-app}}
                  template:
                    metadata: {labels: {app: sv-app}}
                    spec:
                      containers:
                      - name: sv-app
                        image: registry.example.com/sv-app:0.7.3
                        env:
                        - {name: SPLICE_APP_SV_PARTICIPANT_ADDRESS, value: participant}
                        - {name: SPLICE_APP_SV_COMETBFT_ENABLED, value: "true"}
                """.formatted(namespace);
    }

    private static String kms(String namespace, String keyRing) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: participant, namespace: %s}
                spec:
                  selector: {matchLabels: {app: participant}}
                  template:
                    metadata: {labels: {app: participant}}
                    spec:
                      containers:
                      - name: participant
                        image: registry.example.com/canton-participant:0.7.3
                        env:
                        - {name: CANTON_PARTICIPANT_POSTGRES_SERVER, value: %s-pg}
                        - name: ADDITIONAL_CONFIG_KMS
                          value: 'canton.participants.participant.crypto { provider = kms, kms { type = gcp,
                            project-id = acme-canton, location-id = us-east1, key-ring-id = %s } }'
                """.formatted(namespace, namespace, keyRing);
    }

    private static Ran apply(String manifest) throws IOException {
        return plane.kubectl(
                "apply", "-f", plane.write("applied.yaml", manifest).toString());
    }

    private static void assertRefused(String manifest, String rule) throws IOException {
        var began = System.nanoTime();
        var ran = apply(manifest);
        System.out.println("refused after " + (System.nanoTime() - began) / 1_000_000 + " ms: "
                + ran.err().strip());
        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isEqualTo(1);
        assertThat(ran.err()).contains("denied the request: Deployment ", rule);
    }

    @Test
    void a_denial_retried_ten_times_ends_no_replica() throws Exception {
        plane.kubectl("create", "namespace", "keyless").mustSucceed();
        apply(flagless("keyless")).mustSucceed();
        for (var retry = 0; retry < 10; retry++) {
            assertRefused(kms("keyless", "ring"), "governance-key-flag");
        }
        assertThatBothLive();
    }

    @Test
    void each_rule_that_looks_around_answers() throws Exception {
        plane.kubectl("create", "namespace", "around").mustSucceed();
        apply(kms("around", "ring")).mustSucceed();

        assertRefused(flagless("around"), "governance-key-flag");
        assertRefused(kms("around", "another"), "kms-migration");
        assertThatBothLive();
    }

    /** The leader audits every half minute beside it, and a person does so too. */
    @Test
    void audits_and_reviews_at_once_end_no_replica() throws Exception {
        plane.kubectl("create", "namespace", "busy").mustSucceed();
        apply(flagless("busy")).mustSucceed();
        var manifest = plane.write("busy.yaml", kms("busy", "ring")).toString();
        var threads = Executors.newFixedThreadPool(CALLERS);
        try {
            var denials = new ArrayList<Callable<Ran>>();
            for (var call = 0; call < 5 * CALLERS; call++) {
                denials.add(() -> plane.kubectl("create", "--dry-run=server", "-f", manifest));
            }
            var audit = threads.submit(() -> command(List.of("audit")));
            for (var denial : threads.invokeAll(denials)) {
                assertThat(denial.get().err()).contains("denied the request: Deployment busy/participant: ");
            }
            assertThat(audit.get().exitCode()).isLessThan(2);
        } finally {
            threads.shutdown();
        }
        assertThatBothLive();
    }

    private static Ran command(List<String> command) throws IOException {
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.kmsguard.cli.Main"));
        line.addAll(command);
        line.add("--kubeconfig=" + plane.kubeconfig());
        return Ran.run(plane.folder(), Map.of(), line);
    }

    @Test
    void the_command_lines_read_the_cluster_in_a_small_heap() throws Exception {
        var file = plane.write("checked.yaml", kms("ordinary", "ring")).toString();
        for (var command : List.of(List.of("check", "--live", file), List.of("audit"))) {
            var began = System.nanoTime();
            var ran = command(command);
            System.out.println(command.get(0) + " took " + (System.nanoTime() - began) / 1_000_000 + " ms");
            assertThat(ran.exitCode()).as(ran.out() + ran.err()).isLessThan(2);
        }
    }

    /** The API server spends only so much on a match condition: what does not concern the guard has to pass whatever its size. */
    @Test
    void an_ordinary_deployment_of_three_thousand_env_vars_passes() throws Exception {
        var env = new StringBuilder();
        for (var i = 0; i < 3_000; i++) {
            env.append("        - {name: SETTING_")
                    .append(i)
                    .append(", value: \"")
                    .append("y".repeat(200))
                    .append("\"}\n");
        }
        var manifest = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: wide, namespace: ordinary, labels: {round: "%d"}}
                spec:
                  paused: true
                  selector: {matchLabels: {app: wide}}
                  template:
                    metadata: {labels: {app: wide}}
                    spec:
                      containers:
                      - name: wide
                        image: registry.example.com/web:1
                        env:
                %s""";
        for (var round = 0; round < 2; round++) {
            plane.kubectl(
                            round == 0 ? "create" : "replace",
                            "-f",
                            plane.write("wide.yaml", manifest.formatted(round, env))
                                    .toString())
                    .mustSucceed();
        }
    }

    /** The chart's limit is 384 MiB. */
    private static void assertThatBothLive() throws IOException {
        assertThat(guard.replicas()).hasSize(2);
        for (var replica : guard.replicas()) {
            replica.process().mustRun();
            var megabytes = megabytes(replica, "VmHWM");
            System.out.println("replica " + replica.name() + ": at most " + megabytes + " MiB resident");
            assertThat(megabytes).isLessThan(300);
        }
    }
}
