// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a cluster: as kubectl finds it (a kubeconfig file, {@code KUBECONFIG}, {@code ~/.kube/config}), else as a
 * pod does (its ServiceAccount).
 */
public sealed interface ClusterAccess {

    /**
     * A cluster is configured; whether it answers is another question.
     *
     * @param config settings of the client, with credentials
     * @param where what a person calls it, without credentials
     */
    record Configured(Config config, String where) implements ClusterAccess {

        /**
         * That it does not answer, as a sentence.
         *
         * @param why as a clause
         */
        public String cannotBeAsked(String why) {
            return where + " cannot be asked: " + why + ".";
        }

        /** Without the credentials. */
        @Override
        public String toString() {
            return "Configured[" + where + "]";
        }
    }

    /**
     * None is.
     *
     * @param why a sentence with the way out
     */
    record Missing(String why) implements ClusterAccess {}

    /**
     * Looks for the configuration.
     *
     * @param kubeconfig a file that goes before all others
     * @param context the context to use; without it, the file's current one
     * @param env the environment of the process
     */
    static ClusterAccess find(Optional<File> kubeconfig, Optional<String> context, Map<String, String> env) {
        var named = kubeconfig.map(List::of).orElseGet(() -> fromEnvironment(env));
        var files = named.stream().filter(File::isFile).toList();
        if (!files.isEmpty()) {
            return read(files, context);
        }
        if (!named.isEmpty()) {
            return new Missing("The kubeconfig file " + named.get(0) + " does not exist"
                    + (kubeconfig.isPresent() ? "" : " (KUBECONFIG names it)") + ".");
        }
        var home = new File(env.getOrDefault("HOME", ""), ".kube/config");
        if (env.containsKey("HOME") && home.isFile()) {
            return read(List.of(home), context);
        }
        if (env.containsKey("KUBERNETES_SERVICE_HOST") && context.isEmpty()) {
            return usable(
                    Config.autoConfigure(null), "The environment of this pod", "the cluster that this pod runs in");
        }
        return new Missing("No cluster is configured: there is no kubeconfig file (KUBECONFIG, " + home
                + ") and this is no pod of a cluster. Give --kubeconfig FILE, or --manifests DIR for a folder of"
                + " manifests instead of a cluster.");
    }

    private static List<File> fromEnvironment(Map<String, String> env) {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(env.getOrDefault("KUBECONFIG", ""))
                .filter(name -> !name.isBlank())
                .map(File::new)
                .toList();
    }

    private static ClusterAccess read(List<File> files, Optional<String> context) {
        KubeconfigFiles kubeconfig;
        try {
            kubeconfig = KubeconfigFiles.read(files, context);
        } catch (KubernetesClientException | IllegalArgumentException unreadable) {
            return new Missing("The kubeconfig file " + names(files) + " cannot be read as one.");
        }
        var config = kubeconfig.config();
        var contexts = config.getContexts().stream().map(NamedContext::getName).toList();
        // The client would silently take the current context where it does not know the one that was asked for.
        if (context.isPresent() && !contexts.contains(context.get())) {
            return new Missing("The kubeconfig file " + names(files) + " has no context " + context.get() + "; it has: "
                    + String.join(", ", contexts) + ".");
        }
        if (config.getCurrentContext() == null) {
            return new Missing("The kubeconfig file " + names(files)
                    + " has no current context. Give --context NAME; it has: " + String.join(", ", contexts) + ".");
        }
        var failed = kubeconfig.logIn();
        if (failed.isPresent()) {
            return new Missing("The kubeconfig file " + names(files) + " names " + failed.get()
                    + ". Run kubectl with it to see what the plugin says.");
        }
        ClientKey.tell(config);
        return usable(
                config,
                "The kubeconfig file " + names(files),
                "the cluster of context " + config.getCurrentContext().getName());
    }

    /** What the files that it names come to: by itself the client would throw where one cannot be used. */
    private static ClusterAccess usable(Config config, String source, String where) {
        var unreadable = Stream.of(
                        unreadable("certificate-authority", config.getCaCertData(), config.getCaCertFile()),
                        unreadable("client-certificate", config.getClientCertData(), config.getClientCertFile()),
                        unreadable("client-key", config.getClientKeyData(), config.getClientKeyFile()))
                .flatMap(Optional::stream)
                .findFirst();
        if (unreadable.isPresent()) {
            return new Missing(source + " names " + unreadable.get() + ", which cannot be read.");
        }
        try {
            SSLUtils.keyManagers(config);
            return new Configured(config, where);
        } catch (GeneralSecurityException | IOException | RuntimeException unusable) {
            return new Missing(source + " has a client certificate and key that cannot be used: they are no"
                    + " certificate and its private key, both as PEM.");
        }
    }

    /** The field and its file, where it is needed, for the text itself goes before it, and cannot be read. */
    private static Optional<String> unreadable(String field, @Nullable String data, @Nullable String file) {
        return Optional.ofNullable(file)
                .filter(path -> data == null && !Files.isReadable(Path.of(path)))
                .map(path -> field + " " + path);
    }

    private static String names(List<File> files) {
        return String.join(", ", files.stream().map(File::getPath).toList());
    }
}
