// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Guard;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.admission.Webhook;
import io.kmsguard.server.CannotStart;
import io.kmsguard.server.DecisionLog;
import io.kmsguard.server.Readiness;
import io.kmsguard.server.ServerSettings;
import io.kmsguard.server.SettingsCheck;
import io.kmsguard.server.WebhookMetrics;
import io.kmsguard.server.WebhookServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kms-guard serve}: the webhook, until SIGTERM or an interrupt of the thread. */
@Command(
        name = "serve",
        sortOptions = false,
        description = "Serves the webhook: AdmissionReviews over HTTPS at /validate and /mutate; /healthz, /readyz and"
                + " /metrics on a port of their own. Looks around in a cluster, or in a folder of manifests. Ends on"
                + " SIGTERM without losing a review.",
        footer = {
            "",
            "Examples:",
            "  kms-guard serve --tls-dir /etc/kms-guard/tls",
            "  kms-guard serve --self-signed --host 127.0.0.1 --context kind-test",
            "  kms-guard serve --self-signed --host 127.0.0.1 --manifests running/ --policy policy.yaml",
            "",
            "Durations are written as 500ms, 10s or 1m30s.",
            "A cluster that does not answer is no reason not to start: /readyz says why until it does.",
            "",
            "Exit codes: 0 stopped, 2 wrong settings or policy, a taken port, no cluster configured."
        })
final class ServeCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final ServeOptions options = new ServeOptions();

    @Mixin
    private final PolicyOption policy = new PolicyOption();

    /** The policy file of now; the world is there before it is watched. */
    private volatile Supplier<PolicyFile> inForce = () -> PolicyFile.DEFAULT;

    ServeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var problems = new ArrayList<String>();
        var installation = options.installation(session.env(), problems);
        var settings = options.settings(installation);
        problems.addAll(SettingsCheck.problems(settings));
        if (installation.isPresent() && policy.isGiven()) {
            problems.add("--policy FILE does not go with --installed-as: the policy of an installation is in ConfigMap "
                    + installation.get().policy() + ".");
        }
        var content = policy.content();
        var reading = PolicyOption.read(content);
        problems.addAll(reading.problems());
        var given = options.certificates(installation.isPresent(), problems);
        inForce = reading::file;
        var world =
                options.world(installation, session.env(), () -> inForce.get().drivers(), problems);
        if (world.isEmpty()) {
            return session.trouble(problems);
        }
        try (var stop = new Stop();
                var surroundings = world.get();
                var metrics = new WebhookMetrics();
                var rules = policy(surroundings, content, reading.file(), metrics);
                var installed = options.upkeep(
                        installation, surroundings.listening(), session.env(), rules, metrics.registry());
                var certificates = new ServeCertificates(given.or(installed::certificates), options.names())) {
            inForce = () -> rules.decided().orElse(PolicyFile.DEFAULT);
            serve(settings, rules, certificates, surroundings, installed, metrics, stop);
            return ExitCode.FINE;
        } catch (CannotStart trouble) {
            session.say(trouble.sentences());
            return ExitCode.TROUBLE;
        }
    }

    private ServePolicy policy(
            ServeWorld world, PolicyOption.Content content, PolicyFile file, WebhookMetrics metrics) {
        var clock = Clock.systemUTC();
        return world.listening()
                .map(listening -> ServePolicy.awaited(PolicySource.of(listening.policy()), metrics.registry(), clock))
                .orElseGet(() -> ServePolicy.of(PolicySource.of(policy), content, file, metrics.registry(), clock));
    }

    private void serve(
            ServerSettings settings,
            ServePolicy rules,
            ServeCertificates certificates,
            ServeWorld world,
            ServeInstallation installed,
            WebhookMetrics metrics,
            Stop stop)
            throws CannotStart {
        var guard = new Guard(rules::judge, world.surroundings(), new DecisionLog(metrics));
        var readiness = new Readiness();
        readiness.require("world", world::state);
        readiness.require("policy", rules::state);
        installed.require(readiness);
        installed.measure(metrics);
        installed.listen();
        var server = WebhookServer.start(settings, certificates.source(), guard, metrics, readiness);
        try {
            rules.watch();
            installed.start();
            announce(settings, server, world, certificates.ca());
            stop.await();
        } finally {
            server.drain();
        }
    }

    private void announce(ServerSettings settings, WebhookServer server, ServeWorld world, Optional<Path> ca) {
        var err = session.err();
        err.println(
                "kms-guard: reviews at https://" + authority(settings.host(), server.port()) + ", health and metrics"
                        + " at http://" + authority(settings.opsHost(), server.opsPort()) + "; judging by "
                        + world.description() + ".");
        ca.ifPresent(
                file -> err.println("kms-guard: for development only: the certificate was made a moment ago, its CA"
                        + " is in " + file + ". Try: curl --cacert " + file
                        + " -H 'Content-Type: application/json' -d @REVIEW.json"
                        + " https://localhost:" + server.port() + Webhook.VALIDATE.path()));
    }

    private static String authority(Optional<String> host, int port) {
        var name = host.orElse("0.0.0.0");
        return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
    }
}
