// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One or more kubeconfig files, of which the first that names something counts, as with kubectl. */
final class KubeconfigFiles {

    /** The extension of a cluster that is meant for plugins (client-go, {@code clientauthentication}). */
    private static final String FOR_PLUGINS = "client.authentication.k8s.io/exec";

    private static final JsonMapper JSON = new JsonMapper();

    private final List<io.fabric8.kubernetes.api.model.Config> files;
    private final Config config;

    private KubeconfigFiles(List<io.fabric8.kubernetes.api.model.Config> files, Config config) {
        this.files = files;
        this.config = config;
    }

    /**
     * Reads them; no plugin is run.
     *
     * @throws RuntimeException one of the client's, where one of them is no kubeconfig
     */
    static KubeconfigFiles read(List<File> files, Optional<String> context) {
        var parsed = files.stream().map(KubeConfigUtils::parseConfig).toList();
        var config = Config.empty();
        // Where there is a provider already, the client runs no plugin.
        config.setOauthTokenProvider(() -> "");
        KubeConfigUtils.merge(
                config, context.orElse(null), parsed.toArray(io.fabric8.kubernetes.api.model.Config[]::new));
        config.setOauthTokenProvider(null);
        return new KubeconfigFiles(parsed, config);
    }

    Config config() {
        return config;
    }

    /**
     * Runs the plugin that the current user gets credentials by, if any. A token in the file goes before it.
     *
     * @return what is wrong with it, as a clause that names it
     */
    Optional<String> logIn() {
        var exec = user().map(AuthInfo::getExec);
        if (exec.isEmpty()) {
            return Optional.empty();
        }
        var token = config.getAutoOAuthToken();
        if (token != null && !token.isEmpty()) {
            config.setOauthTokenProvider(() -> token);
            return Optional.empty();
        }
        if (exec.get().getCommand() == null) {
            return Optional.of("a credential plugin (exec) without its command");
        }
        return new CredentialPlugin(exec.get(), command(exec.get()), cluster(exec.get())).logIn(config);
    }

    /** What has a separator and does not begin with one is meant from the folder of its file. */
    private String command(ExecConfig exec) {
        var command = exec.getCommand();
        var file = config.getFileWithAuthInfo();
        return command.contains(File.separator) && file != null
                ? Path.of(file.getAbsolutePath()).resolveSibling(command).toString()
                : command;
    }

    private Optional<JsonNode> cluster(ExecConfig exec) {
        return Boolean.TRUE.equals(exec.getProvideClusterInfo())
                ? cluster().map(KubeconfigFiles::told)
                : Optional.empty();
    }

    private static JsonNode told(Cluster cluster) {
        var told = JSON.createObjectNode();
        Map<String, Optional<String>> texts = Map.of(
                "server", Optional.ofNullable(cluster.getServer()),
                "tls-server-name", Optional.ofNullable(cluster.getTlsServerName()),
                "certificate-authority-data", Optional.ofNullable(cluster.getCertificateAuthorityData()),
                "proxy-url", Optional.ofNullable(cluster.getProxyUrl()));
        texts.forEach((key, text) -> text.ifPresent(present -> told.put(key, present)));
        if (Boolean.TRUE.equals(cluster.getInsecureSkipTlsVerify())) {
            told.put("insecure-skip-tls-verify", true);
        }
        all(cluster.getExtensions())
                .filter(extension -> FOR_PLUGINS.equals(extension.getName()))
                .findFirst()
                .ifPresent(extension -> told.set("config", JSON.valueToTree(extension.getExtension())));
        return told;
    }

    private Optional<AuthInfo> user() {
        return named(
                        file -> all(file.getUsers()),
                        NamedAuthInfo::getName,
                        config.getCurrentContext().getContext().getUser())
                .map(NamedAuthInfo::getUser);
    }

    private Optional<Cluster> cluster() {
        return named(
                        file -> all(file.getClusters()),
                        NamedCluster::getName,
                        config.getCurrentContext().getContext().getCluster())
                .map(NamedCluster::getCluster);
    }

    private <T> Optional<T> named(
            Function<io.fabric8.kubernetes.api.model.Config, Stream<T>> list, Function<T, String> name, String wanted) {
        return files.stream()
                .flatMap(list)
                .filter(each -> Objects.equals(name.apply(each), wanted))
                .findFirst();
    }

    private static <T> Stream<T> all(@Nullable List<T> list) {
        return list == null ? Stream.empty() : list.stream();
    }
}
