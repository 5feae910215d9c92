// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.server.DevelopmentCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kms-guard certs make}: certificates for a try on one machine. */
@Command(
        name = "make",
        sortOptions = false,
        description = "Makes an authority and a certificate of it for this machine, valid for 30 days, in the place of"
                + " those that are there: ca.crt, tls.crt, and tls.key, which nobody else may read. For development"
                + " only: in a cluster the guard or cert-manager makes them.",
        footer = {"", "Exit codes: 0 made, 2 a folder that cannot be written."})
final class CertsMakeCommand implements Callable<Integer> {

    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The folder (default: certs).")
    private @Nullable Path folder;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "A DNS name or address beside localhost, 127.0.0.1 and ::1. May be given more than once.")
    private List<String> names = List.of();

    CertsMakeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var where = folder == null ? Path.of("certs") : folder;
        var made = DevelopmentCertificates.make(names, Instant.now());
        try {
            made.writeTo(where);
        } catch (IOException unwritable) {
            session.say(where + " cannot be written. Is it a folder of yours?");
            return ExitCode.TROUBLE;
        }
        session.out()
                .println("Made ca.crt, tls.crt and tls.key in " + where + ", for "
                        + String.join(", ", made.serving().names()) + ", until "
                        + made.serving().notAfter() + ".");
        session.out().println("Try: kms-guard serve --host 127.0.0.1 --tls-dir " + where);
        return ExitCode.FINE;
    }
}
