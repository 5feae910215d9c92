// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chart installed by Helm in a namespace of its name, and what can be seen of its certificates. */
final class Release implements AutoCloseable {

    static final List<String> KINDS = List.of("validatingwebhookconfiguration", "mutatingwebhookconfiguration");

    private static final JsonMapper JSON = new JsonMapper();

    /** Webhooks of the chart in both configurations. */
    private static final int WEBHOOKS = 6;

    private final ControlPlane plane;
    private final String helm;
    private final String name;

    private Release(ControlPlane plane, String helm, String name) {
        this.plane = plane;
        this.helm = helm;
        this.name = name;
    }

    static Release install(ControlPlane plane, String helm, String name) throws IOException {
        plane.run(helm, "install", name, chart().toString(), "-n", name, "--create-namespace")
                .mustSucceed();
        return new Release(plane, helm, name);
    }

    static Path chart() {
        return Path.of("manifests", "chart").toAbsolutePath();
    }

    void upgrade(Path chart, String... options) throws IOException {
        var line = new ArrayList<>(List.of("upgrade", name, chart.toString(), "-n", name));
        line.addAll(List.of(options));
        plane.run(helm, line.toArray(String[]::new)).mustSucceed();
    }

    GuardReplica replica(String pod) throws IOException {
        return GuardReplica.start(plane, kubeconfig(), pod, name, name);
    }

    /** With the rights of the chart's ServiceAccount. */
    Path kubeconfig() throws IOException {
        return plane.kubeconfig(name, name);
    }

    JsonNode get(String kind, String object) throws IOException {
        return JSON.readTree(plane.kubectl("-n", name, "get", kind, object, "-o", "json", "--show-managed-fields")
                .mustSucceed());
    }

    /** What the Secret with the certificates holds, base64. */
    JsonNode secret() throws IOException {
        return get("secret", name + "-certificates").path("data");
    }

    /** The same as text, one key of it; empty where there is none. */
    String text(String key) throws IOException {
        var base64 = secret().path(key).asString("");
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    void patchSecret(String patch) throws IOException {
        plane.kubectl("-n", name, "patch", "secret", name + "-certificates", "-p", patch)
                .mustSucceed();
    }

    /** The caBundle of each webhook, sorted by configuration and webhook. */
    List<String> bundles() throws IOException {
        var bundles = new TreeMap<String, String>();
        for (var kind : KINDS) {
            for (var webhook : get(kind, name).path("webhooks")) {
                bundles.put(
                        kind + "/" + webhook.path("name").asString(""),
                        webhook.at("/clientConfig/caBundle").asString(""));
            }
        }
        return List.copyOf(bundles.values());
    }

    static List<String> webhooks(JsonNode configuration) {
        return StreamSupport.stream(configuration.path("webhooks").spliterator(), false)
                .map(webhook -> webhook.path("name").asString(""))
                .toList();
    }

    /** Whether every webhook trusts what is in the Secret. */
    boolean isTrusted() throws IOException {
        var bundles = bundles();
        return bundles.size() == WEBHOOKS
                && bundles.stream().allMatch(secret().path("ca.crt").asString("none")::equals);
    }

    void awaitTrusted() {
        Await.until(this::isTrusted, () -> "the caBundle of " + name);
    }

    /** Empties the caBundle of the first webhook. */
    void tamper(String kind) throws IOException {
        var patch = "[{\"op\":\"replace\",\"path\":\"/webhooks/0/clientConfig/caBundle\",\"value\":\"\"}]";
        plane.kubectl("patch", kind, name, "--type=json", "-p", patch).mustSucceed();
    }

    void delete(String kind) throws IOException {
        plane.kubectl("delete", kind, name).mustSucceed();
    }

    String leader() throws IOException {
        return get("lease", name).at("/spec/holderIdentity").asString("");
    }

    /** Exit code and output of {@code certs check}. */
    String check() {
        return InProcess.run(
                Map.of(),
                "certs",
                "check",
                "--kubeconfig=" + plane.kubeconfig(),
                "--installed-as=" + name,
                "--namespace=" + name);
    }

    /** Reviews of other tests must not come to a guard that has ended. */
    @Override
    public void close() throws IOException {
        for (var kind : KINDS) {
            plane.kubectl("delete", kind, name, "--ignore-not-found").mustSucceed();
        }
    }
}
