// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.server.CertificateReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kms-guard certs check}: whether a caller would trust what is served. */
@Command(
        name = "check",
        sortOptions = false,
        description = "Checks that the API server can trust what is served: key and certificate belong together, its"
                + " time has come and is not over, it is for the right name, and the caBundle of every webhook vouches"
                + " for it. Warns of a renewal that is overdue.",
        footer = {
            "",
            "Exit codes: 0 all is well, or a warning; 1 something is wrong; 2 bad input, or a cluster that cannot be"
                    + " asked."
        })
final class CertsCheckCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final CertsTarget target = new CertsTarget();

    CertsCheckCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var problems = new ArrayList<String>();
        var found = target.find(session.env(), problems);
        if (found.isEmpty()) {
            return session.trouble(problems);
        }
        var report = new CertificateReport(found.get().place(), found.get().texts(), Instant.now());
        var wrong = wrong(report, found.get());
        var overdue = report.overdue();
        wrong.forEach(session.out()::println);
        overdue.forEach(each -> session.out().println("Warning: " + each + " " + CertificateReport.NOBODY_RENEWS));
        if (wrong.isEmpty() && overdue.isEmpty()) {
            session.out().println("All is well with " + found.get().place() + ".");
        }
        return wrong.isEmpty() ? ExitCode.FINE : ExitCode.DENIED;
    }

    private static List<String> wrong(CertificateReport report, CertsTarget.Found found) {
        var wrong = new ArrayList<>(report.problems(found.serverName()));
        for (var configuration : found.configurations()) {
            if (!configuration.trouble().isEmpty()) {
                wrong.add(configuration.trouble() + ".");
            }
            configuration
                    .bundles()
                    .forEach((webhook, bundle) -> report.distrustedBy(bundle)
                            .ifPresent(why -> wrong.add(configuration.what() + ": " + webhook
                                    + " does not trust the certificate: " + why + ".")));
        }
        return wrong;
    }
}
