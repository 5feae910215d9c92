// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.kmsguard.admission.Guard;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.admission.ReviewListener;
import io.kmsguard.injection.Injections;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.server.CannotStart;
import io.kmsguard.server.CertificateSource;
import io.kmsguard.server.DevelopmentCertificates;
import io.kmsguard.server.Readiness;
import io.kmsguard.server.ServerSettings;
import io.kmsguard.server.WebhookMetrics;
import io.kmsguard.server.WebhookServer;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** {@code kms-guard demo}. */
@Command(
        name = "demo",
        description = "Starts the webhook on a free port of this machine, sends it what operators send, and shows what"
                + " comes back. Needs no cluster and changes nothing.",
        footer = {"", "Exit codes: 0 everything came out as it should, 1 something did not, 2 it could not be run."})
final class DemoCommand implements Callable<Integer> {

    private final Session session;

    DemoCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws GeneralSecurityException, IOException {
        // The table tells it all; the log lines of a server would stand in between.
        var log = (Logger) LoggerFactory.getLogger("io.kmsguard");
        var level = log.getLevel();
        log.setLevel(Level.WARN);
        try (var metrics = new WebhookMetrics()) {
            return run(DemoScript.steps(), metrics);
        } catch (CannotStart trouble) {
            session.say(trouble.sentences());
            return ExitCode.TROUBLE;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return ExitCode.TROUBLE;
        } finally {
            log.setLevel(level);
        }
    }

    private int run(List<DemoStep> steps, WebhookMetrics metrics)
            throws CannotStart, GeneralSecurityException, IOException, InterruptedException {
        var cluster = new DemoCluster();
        var judge = PolicyFile.DEFAULT.judge(Rules.all(), Injections.all());
        var certificates = DevelopmentCertificates.make(List.of(), Instant.now());
        var settings = ServerSettings.builder()
                .host("127.0.0.1")
                .port(0)
                .opsHost("127.0.0.1")
                .opsPort(0)
                .drainDelay(Duration.ZERO)
                .build();
        try (var server = WebhookServer.start(
                settings,
                CertificateSource.fixed(certificates.serving()),
                new Guard(judge, cluster, ReviewListener.NONE),
                metrics,
                new Readiness())) {
            var webhook = URI.create("https://127.0.0.1:" + server.port());
            return play(steps, cluster, new DemoApiServer(cluster, webhook, certificates.caPem()), webhook);
        }
    }

    private int play(List<DemoStep> steps, DemoCluster cluster, DemoApiServer api, URI webhook)
            throws IOException, InterruptedException {
        var report = new DemoReport(session.out());
        report.opening(webhook.toString());
        var unexpected = 0;
        var number = 0;
        for (var step : steps) {
            step.there().forEach(cluster::put);
            var answer = api.apply(step.applied());
            report.row(++number, step, answer);
            unexpected += step.isAsExpected(answer) ? 0 : 1;
        }
        report.closing(steps.size(), unexpected);
        return unexpected == 0 ? ExitCode.FINE : ExitCode.DENIED;
    }
}
