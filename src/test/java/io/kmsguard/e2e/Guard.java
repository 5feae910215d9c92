// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * The guard, installed by its chart as a user gets it. The node of the control plane runs nothing, so each replica is a
 * process of this machine, with the arguments of the chart's container and the token of its ServiceAccount; the API
 * server reaches the ready ones in turn through the Service.
 */
final class Guard implements AutoCloseable {

    static final String NAMESPACE = "kms-guard";
    static final String NAME = "kms-guard";

    /** How long a node may send new connections to a pod that is no endpoint any more; shorter than the drain's delay. */
    private static final Duration PROPAGATION = Duration.ofSeconds(1);

    private static final Path CHART = Path.of("manifests", "chart");

    private final ControlPlane plane;
    private final List<GuardReplica> replicas = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    /** The replicas that were told to stop, by the nanoseconds when the last new connection may come to them. */
    private final Map<String, Long> leaving = new ConcurrentHashMap<>();

    private Guard(ControlPlane plane) {
        this.plane = plane;
    }

    /** Installs the chart with that Helm, and starts two replicas. */
    static Guard install(ControlPlane plane, String helm, String... options) throws IOException {
        var guard = idle(plane, helm, options);
        guard.start("a");
        guard.start("b");
        guard.awaitReady(2);
        return guard;
    }

    /** Installs the chart, and starts nothing yet. */
    static Guard idle(ControlPlane plane, String helm, String... options) throws IOException {
        var guard = new Guard(plane);
        guard.upgrade(helm, options);
        plane.route(guard.clusterIp(), 443, guard::next);
        return guard;
    }

    /** Installs the chart, or again. */
    void upgrade(String helm, String... options) throws IOException {
        tryUpgrade(helm, options).mustSucceed();
    }

    /** The same, where it may fail. */
    Ran tryUpgrade(String helm, String... options) throws IOException {
        var line = new ArrayList<>(
                List.of("upgrade", "--install", NAME, CHART.toAbsolutePath().toString()));
        line.addAll(List.of("--namespace", NAMESPACE, "--create-namespace"));
        line.addAll(List.of(options));
        return plane.run(helm, line.toArray(String[]::new));
    }

    private String clusterIp() throws IOException {
        return plane.kubectl("-n", NAMESPACE, "get", "service", NAME, "-o", "jsonpath={.spec.clusterIP}")
                .mustSucceed();
    }

    /** Starts one more replica. */
    GuardReplica start(String name) throws IOException {
        return start(name, plane.kubeconfig(NAMESPACE, NAME));
    }

    /** The same with that kubeconfig, and more arguments. */
    GuardReplica start(String name, Path kubeconfig, String... more) throws IOException {
        var arguments = new ArrayList<>(containerArguments());
        arguments.add("--drain-delay=2s");
        arguments.addAll(List.of(more));
        var replica = GuardReplica.start(plane, kubeconfig, name, NAME + "-" + name, List.copyOf(arguments));
        replicas.add(replica);
        return replica;
    }

    private List<String> containerArguments() throws IOException {
        var path = "jsonpath={range .spec.template.spec.containers[0].args[*]}{@}{\"\\n\"}{end}";
        return plane.kubectl("-n", NAMESPACE, "get", "deployment", NAME, "-o", path)
                .mustSucceed()
                .lines()
                .filter(argument -> !argument.startsWith("--port="))
                .map(argument -> argument.replace("$(POD_NAMESPACE)", NAMESPACE))
                .toList();
    }

    void awaitReady(int count) {
        Await.until(
                () -> {
                    replicas.forEach(replica -> replica.process().mustRun());
                    return ready().size() >= count;
                },
                () -> count + " ready replicas: " + tails());
    }

    /** What a Service does: the ready ones in turn. */
    private Optional<Integer> next() {
        var ready = replicas.stream().filter(this::isEndpoint).toList();
        return ready.isEmpty()
                ? Optional.empty()
                : Optional.of(ready.get(Math.floorMod(turn.getAndIncrement(), ready.size()))
                        .port());
    }

    private List<GuardReplica> ready() {
        return replicas.stream().filter(GuardReplica::isReady).toList();
    }

    /** A node hears a moment later that a pod is no endpoint any more. */
    private boolean isEndpoint(GuardReplica replica) {
        var until = leaving.get(replica.name());
        return until == null ? replica.isReady() : System.nanoTime() - until < 0;
    }

    List<GuardReplica> replicas() {
        return replicas;
    }

    /** Sends SIGTERM to a replica, which ceases to be an endpoint at that moment, and waits until it has drained and ended. */
    int stop(GuardReplica replica) throws IOException, InterruptedException {
        leaving.put(replica.name(), System.nanoTime() + PROPAGATION.toNanos());
        var code = replica.terminate();
        replicas.remove(replica);
        leaving.remove(replica.name());
        return code;
    }

    /** Sends SIGKILL. */
    void kill(GuardReplica replica) throws IOException, InterruptedException {
        replica.process().kill();
        replicas.remove(replica);
    }

    /** The one that leads. */
    GuardReplica leader() throws IOException {
        var holder = plane.kubectl("-n", NAMESPACE, "get", "lease", NAME, "-o", "jsonpath={.spec.holderIdentity}")
                .mustSucceed();
        return replicas.stream()
                .filter(replica -> holder.equals(NAME + "-" + replica.name()))
                .findFirst()
                .orElseThrow();
    }

    String tails() {
        return replicas.stream()
                .map(replica ->
                        "\n--- " + replica.name() + "\n" + replica.process().tail())
                .collect(Collectors.joining());
    }

    @Override
    public void close() throws IOException {
        for (var replica : replicas) {
            replica.process().close();
        }
    }
}
