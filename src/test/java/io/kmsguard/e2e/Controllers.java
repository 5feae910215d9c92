// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What makes Deployments run: the controllers, the scheduler, and a node (of kwok) whose pods become ready at once. */
final class Controllers implements AutoCloseable {

    private final ControlPlane plane;
    private final List<ChildProcess> processes = new ArrayList<>();

    private Controllers(ControlPlane plane) {
        this.plane = plane;
    }

    /** Starts them, and waits until a pod runs. */
    static Controllers start(ControlPlane plane, Path serviceAccountKey) throws IOException {
        var controllers = new Controllers(plane);
        try {
            controllers.start(serviceAccountKey);
            controllers.awaitPod();
        } catch (AssertionError broken) {
            controllers.close();
            throw broken;
        }
        return controllers;
    }

    private void start(Path serviceAccountKey) throws IOException {
        // No port (0): one that was free a moment ago may be in use, and a process that cannot listen ends.
        start(
                "kube-controller-manager",
                "--service-account-private-key-file=" + serviceAccountKey,
                "--root-ca-file=" + plane.authority(),
                "--use-service-account-credentials=false",
                "--leader-elect=false",
                // kwok never makes a pod ready again that a stall of this machine made unready.
                "--node-monitor-grace-period=1h",
                "--secure-port=0");
        start("kube-scheduler", "--leader-elect=false", "--secure-port=0");
        var kwok = new ArrayList<>(List.of("--manage-all-nodes=true"));
        for (var stage : plane.assets().stages()) {
            kwok.add("--config=" + stage);
        }
        start("kwok", kwok.toArray(String[]::new));
        plane.kubectl("apply", "-f", plane.write("node.yaml", """
                apiVersion: v1
                kind: Node
                metadata:
                  name: kwok
                  annotations: {kwok.x-k8s.io/node: fake}
                  labels: {kubernetes.io/hostname: kwok, kubernetes.io/os: linux}
                status:
                  allocatable: {cpu: "1000", memory: 10Ti, pods: "1000"}
                  capacity: {cpu: "1000", memory: 10Ti, pods: "1000"}
                """).toString()).mustSucceed();
    }

    private void start(String name, String... args) throws IOException {
        var line = new ArrayList<>(List.of("--kubeconfig=" + plane.kubeconfig()));
        line.addAll(List.of(args));
        processes.add(plane.process(name, line.toArray(String[]::new)));
    }

    /**
     * A pod that comes to the node before kwok knows that it holds the node's Lease is passed over for ever (kwok 0.8.0),
     * so this asks with one pod after the other, until one runs.
     */
    private void awaitPod() {
        Await.until(
                () -> {
                    processes.forEach(ChildProcess::mustRun);
                    return aPodRuns();
                },
                () -> "a pod that runs:\n" + state());
    }

    private boolean aPodRuns() throws IOException {
        plane.kubectl("apply", "-f", plane.write("first.yaml", """
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: first, namespace: kube-system}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: first, namespace: kube-system}
                spec:
                  serviceAccountName: first
                  containers: [{name: first, image: none}]
                """).toString());
        var ran = plane.kubectl("-n", "kube-system", "wait", "pod/first", "--for=condition=Ready", "--timeout=3s");
        plane.kubectl("-n", "kube-system", "delete", "pod/first", "--ignore-not-found", "--force")
                .mustSucceed();
        return ran.exitCode() == 0;
    }

    /** What there is, and what was told of it: for the message of a wait in vain. */
    String state() {
        return processes.stream()
                .map(ChildProcess::tail)
                .collect(Collectors.joining("\n---\n", plane.overview(), "\n"));
    }

    @Override
    public void close() throws IOException {
        for (var process : processes) {
            process.close();
        }
    }
}
