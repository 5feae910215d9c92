// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.server.CertificateReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kms-guard certs show}: what is there, and who renews it when. */
@Command(
        name = "show",
        sortOptions = false,
        description = "Shows the certificates of an installation or of a folder: for which names and how long, by whom,"
                + " who renews them when, and whether the webhook configurations trust them.",
        footer = {"", "Exit codes: 0 shown, 2 bad input, or a cluster that cannot be asked."})
final class CertsShowCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final CertsTarget target = new CertsTarget();

    CertsShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var problems = new ArrayList<String>();
        var found = target.find(session.env(), problems);
        if (found.isEmpty()) {
            return session.trouble(problems);
        }
        var out = session.out();
        var report = new CertificateReport(found.get().place(), found.get().texts(), Instant.now());
        out.println(found.get().place());
        report.lines().forEach(line -> out.println("  " + line));
        report.problems(found.get().serverName()).forEach(problem -> out.println("  wrong: " + problem));
        report.overdue().forEach(each -> out.println("  overdue: " + each + " " + CertificateReport.NOBODY_RENEWS));
        for (var configuration : found.get().configurations()) {
            out.println(configuration.what());
            if (!configuration.trouble().isEmpty()) {
                out.println("  wrong: " + configuration.trouble() + ".");
            }
            configuration
                    .bundles()
                    .forEach((webhook, bundle) -> out.println("  " + webhook
                            + report.distrustedBy(bundle)
                                    .map(why -> " does not trust the certificate: " + why)
                                    .orElse(" trusts the certificate")));
        }
        return ExitCode.FINE;
    }
}
