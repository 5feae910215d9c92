// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.GoDuration;
import io.kmsguard.cluster.ClusterAccess;
import io.kmsguard.cluster.Installation;
import io.kmsguard.server.CertificateSource;
import io.kmsguard.server.ServerSettings;
import io.kmsguard.splice.KmsDrivers;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code serve}, and what they come to. */
final class ServeOptions {

    /** How soon a replica serves what the leader made; only memory is looked at. */
    private static final Duration OWN_RELOAD = Duration.ofSeconds(1);

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final InstallationOption installation = new InstallationOption();

    @Option(
            names = "--manifests",
            paramLabel = "DIR",
            description = "Judge by a folder of manifests in the place of a cluster. It is read again when a file in it"
                    + " changes.")
    private @Nullable Path manifests;

    @Option(
            names = "--identities",
            paramLabel = "FILE",
            description =
                    "With --manifests: remember in this file which keys the participant of each database had. Made"
                            + " where it is not there.")
    private @Nullable Path identities;

    @Option(
            names = "--tls-dir",
            paramLabel = "DIR",
            description =
                    "Serve with tls.crt and tls.key (and ca.crt) of this folder, a Secret as a pod mounts it. Read"
                            + " again when they change.")
    private @Nullable Path tlsDir;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "The certificate (PEM), with --tls-key.")
    private @Nullable Path tlsCert;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key (PEM).")
    private @Nullable Path tlsKey;

    @Option(
            names = "--self-signed",
            description = "Serve with a certificate made at the start, for development; says where its CA is.")
    private boolean selfSigned;

    @Option(
            names = "--server-name",
            paramLabel = "NAME",
            description = "The name by which the API server calls, SERVICE.NAMESPACE.svc; not ready with a certificate"
                    + " for other names.")
    private @Nullable String serverName;

    @Option(
            names = "--client-ca",
            paramLabel = "FILE",
            description = "Take reviews only from callers with a certificate of this authority (PEM).")
    private @Nullable Path clientCa;

    @Option(names = "--tls12", description = "Speak TLS 1.2 beside 1.3.")
    private boolean tls12;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Take reviews at this address (default: all).")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "For reviews; 0 is a free one (default: 8443).")
    private @Nullable Integer port;

    @Option(
            names = "--ops-host",
            paramLabel = "ADDRESS",
            description = "Health and metrics at this address (default: that of --host).")
    private @Nullable String opsHost;

    @Option(names = "--ops-port", paramLabel = "PORT", description = "For health and metrics (default: 8080).")
    private @Nullable Integer opsPort;

    @Option(names = "--body-limit", paramLabel = "BYTES", description = "The longest review (default: 7340032).")
    private @Nullable Integer bodyLimit;

    @Option(names = "--threads", paramLabel = "NUMBER", description = "Threads for reviews, 8 to 64 (default: 16).")
    private @Nullable Integer threads;

    @Option(
            names = "--deadline-margin",
            paramLabel = "DURATION",
            converter = GoDurations.class,
            description = "What is kept back of the API server's timeout (default: 500ms).")
    private @Nullable Duration deadlineMargin;

    @Option(
            names = "--drain-delay",
            paramLabel = "DURATION",
            converter = GoDurations.class,
            description = "How long reviews are still taken after SIGTERM (default: 10s).")
    private @Nullable Duration drainDelay;

    /** The settings of the server; what is wrong with them is another's to say. */
    ServerSettings settings(Optional<Installation> installed) {
        var builder = ServerSettings.builder().tls12(tls12);
        installed.map(Installation::serverName).ifPresent(builder::serverName);
        if (installed.isPresent() && hasNoCertificate()) {
            builder.reloadInterval(OWN_RELOAD);
        }
        Optional.ofNullable(host).ifPresent(builder::host);
        Optional.ofNullable(opsHost).or(() -> Optional.ofNullable(host)).ifPresent(builder::opsHost);
        Optional.ofNullable(port).ifPresent(builder::port);
        Optional.ofNullable(opsPort).ifPresent(builder::opsPort);
        Optional.ofNullable(serverName).ifPresent(builder::serverName);
        Optional.ofNullable(clientCa).ifPresent(builder::clientCa);
        Optional.ofNullable(bodyLimit).ifPresent(builder::bodyLimit);
        Optional.ofNullable(deadlineMargin).ifPresent(builder::deadlineMargin);
        Optional.ofNullable(drainDelay).ifPresent(builder::drainDelay);
        // The rest of the threads answers for the network, for health of connections, and 503.
        Optional.ofNullable(threads).ifPresent(all -> builder.threads(all).concurrentReviews(Math.max(1, all - 4)));
        return builder.build();
    }

    /** Which installation of a cluster this is, if it is one. */
    Optional<Installation> installation(Map<String, String> env, List<String> problems) {
        var installed = installation.read(env, problems);
        if (installed.isPresent() && manifests != null) {
            problems.add("--installed-as is for a cluster, and --manifests takes the place of one.");
        }
        return installed;
    }

    /** Looks after the installation, if it is one. */
    ServeInstallation upkeep(
            Optional<Installation> installed,
            Optional<ServeWorld.Listening> listening,
            Map<String, String> env,
            ServePolicy policy,
            MeterRegistry registry) {
        return installed.isPresent()
                        && listening.isPresent()
                        && cluster.access(env) instanceof ClusterAccess.Configured configured
                ? ServeInstallation.of(
                        new ServeInstallation.Place(installed.get(), configured, listening.get(), env),
                        hasNoCertificate(),
                        policy,
                        registry)
                : ServeInstallation.none();
    }

    private boolean hasNoCertificate() {
        return tlsDir == null && tlsCert == null && tlsKey == null && !selfSigned;
    }

    /**
     * Where the certificate comes from; empty where it is to be made.
     *
     * @param own whether the guard may have one of its own
     */
    Optional<CertificateSource> certificates(boolean own, List<String> problems) {
        var ways = (tlsDir != null ? 1 : 0) + (tlsCert != null || tlsKey != null ? 1 : 0) + (selfSigned ? 1 : 0);
        if (ways == 0 && own) {
            return Optional.empty();
        }
        if (ways == 0) {
            problems.add("Say which certificate to serve with: --tls-dir DIR, --tls-cert FILE with --tls-key FILE,"
                    + " --installed-as NAME in a cluster, or --self-signed for development.");
        } else if (ways > 1) {
            problems.add("--tls-dir, --tls-cert with --tls-key, and --self-signed exclude each other.");
        } else if (tlsCert != null && tlsKey != null) {
            return Optional.of(CertificateSource.files(tlsCert, tlsKey));
        } else if (tlsDir != null) {
            return Optional.of(CertificateSource.directory(tlsDir));
        } else if (!selfSigned) {
            problems.add(tlsKey == null ? "--tls-cert needs --tls-key FILE." : "--tls-key needs --tls-cert FILE.");
        }
        return Optional.empty();
    }

    /** The names by which a certificate that is made will be called. */
    List<String> names() {
        return Optional.ofNullable(serverName).or(() -> Optional.ofNullable(host)).stream()
                .filter(name -> !name.equals("0.0.0.0") && !name.equals("::"))
                .toList();
    }

    /**
     * The world to judge by; empty where something is wrong, and then it is told.
     *
     * @param drivers which settings of a KMS driver decide where its keys are, by the policy in force
     */
    Optional<ServeWorld> world(
            Optional<Installation> installed,
            Map<String, String> env,
            Supplier<KmsDrivers> drivers,
            List<String> problems) {
        if (manifests == null) {
            if (identities != null) {
                problems.add("--identities goes with --manifests.");
            }
            return cluster.find(env, problems)
                    .filter(access -> problems.isEmpty())
                    .map(access -> installed
                            .map(it -> ServeWorld.installed(access, it))
                            .orElseGet(() -> ServeWorld.cluster(access)));
        }
        if (cluster.isGiven()) {
            problems.add("--manifests takes the place of a cluster: leave out --kubeconfig and --context.");
        }
        if (!Files.isDirectory(manifests)) {
            problems.add("--manifests " + manifests + " is no folder.");
            return Optional.empty();
        }
        var memory = Optional.ofNullable(identities).map(IdentityFile::new);
        memory.ifPresent(file -> problems.addAll(file.open()));
        if (identities != null && isBelow(manifests, identities)) {
            problems.add("--identities " + identities + " must not lie in the folder of --manifests.");
        }
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        var folder = new ServeManifests(manifests, memory, drivers);
        folder.refresh().or(folder::remember).ifPresent(problems::add);
        return problems.isEmpty() ? Optional.of(ServeWorld.manifests(folder)) : Optional.empty();
    }

    private static boolean isBelow(Path folder, Path file) {
        return file.toAbsolutePath()
                .normalize()
                .startsWith(folder.toAbsolutePath().normalize());
    }

    /** Durations as Kubernetes writes them. */
    static final class GoDurations implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return GoDuration.parse(text)
                    .orElseThrow(() ->
                            new TypeConversionException("'" + text + "' is no duration such as 500ms, 10s or 1m30s"));
        }
    }
}
