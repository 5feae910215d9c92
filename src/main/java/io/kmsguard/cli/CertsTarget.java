// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cluster.CertificateStore;
import io.kmsguard.cluster.ClusterClient;
import io.kmsguard.cluster.Installation;
import io.kmsguard.cluster.TrustBundles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which certificates are meant: those of an installation in a cluster, or those in a folder. */
final class CertsTarget {

    private static final List<String> FILES = List.of("tls.crt", "tls.key", "ca.crt", "ca.key");

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "A folder with tls.crt and tls.key (and ca.crt).")
    private @Nullable Path folder;

    @Mixin
    private final InstallationOption installation = new InstallationOption();

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Option(
            names = "--server-name",
            paramLabel = "NAME",
            description = "The name by which the API server calls (default: that of the installation's Service).")
    private @Nullable String serverName;

    /**
     * What was found.
     *
     * @param place what messages call it
     * @param texts PEM by name; with private keys
     * @param configurations those that trust it; none for a folder
     * @param serverName the name by which the API server calls, where it is known
     */
    record Found(
            String place,
            Map<String, String> texts,
            List<TrustBundles.Seen> configurations,
            Optional<String> serverName) {
        /** Without the keys. */
        @Override
        public String toString() {
            return "Found[" + place + "]";
        }
    }

    /** Looks; empty where that cannot be done, which is told. */
    Optional<Found> find(Map<String, String> env, List<String> problems) {
        var installed = installation.read(env, problems);
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        if (installed.isPresent() == (folder != null)) {
            problems.add("Say which certificates: a folder DIR, or --installed-as NAME for those in a cluster.");
            return Optional.empty();
        }
        return folder == null ? inCluster(installed.orElseThrow(), env, problems) : inFolder(folder, problems);
    }

    private Optional<Found> inFolder(Path where, List<String> problems) {
        if (!Files.isDirectory(where)) {
            problems.add(where + " is no folder.");
            return Optional.empty();
        }
        var texts = new TreeMap<String, String>();
        for (var name : FILES) {
            var file = where.resolve(name);
            try {
                if (Files.exists(file)) {
                    texts.put(name, Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            } catch (IOException unreadable) {
                problems.add(file + " cannot be read. May you read it?");
            }
        }
        return problems.isEmpty()
                ? Optional.of(new Found(where.toString(), texts, List.of(), Optional.ofNullable(serverName)))
                : Optional.empty();
    }

    private Optional<Found> inCluster(Installation installed, Map<String, String> env, List<String> problems) {
        var access = cluster.find(env, problems);
        if (access.isEmpty()) {
            return Optional.empty();
        }
        try (var client = ClusterClient.of(access.get())) {
            var reading = CertificateStore.of(client, installed).read();
            if (!(reading instanceof CertificateStore.Held held)) {
                problems.add("In " + access.get().where() + ": " + ((CertificateStore.Unreadable) reading).why() + ".");
                return Optional.empty();
            }
            var place = "Secret " + installed.namespace() + "/" + installed.certificates();
            return Optional.of(new Found(
                    place,
                    held.texts(),
                    TrustBundles.see(client, installed),
                    Optional.ofNullable(serverName).or(() -> Optional.of(installed.serverName()))));
        }
    }
}
