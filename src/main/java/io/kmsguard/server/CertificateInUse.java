// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that is served, and its change while connections are open. Where a new one cannot be had, the old one goes
 * on, and the log, a metric and the readiness detail say so until one can.
 */
final class CertificateInUse {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateInUse.class);

    /** A pair with those whose clients may call. */
    private record Material(ServingCertificate certificate, List<X509Certificate> clients) {
        boolean sameAs(Material other) {
            return certificate.sameAs(other.certificate) && clients.equals(other.clients);
        }
    }

    /** Nothing that can serve; carries sentences. */
    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String sentences) {
            super(sentences);
        }
    }

    private final CertificateSource source;
    private final Optional<PemFile> clientCa;
    private final Optional<ServingCertificate> ownClient;
    private final WebhookMetrics metrics;
    private final SslContextFactory.Server jetty;

    private volatile Material material;
    private volatile String problem = "";

    /**
     * Reads the first one.
     *
     * @param ownClient what this process shows when it calls itself, let in beside those of the client CA
     */
    CertificateInUse(
            ServerSettings settings,
            CertificateSource source,
            Optional<ServingCertificate> ownClient,
            WebhookMetrics metrics)
            throws CannotStart {
        this.source = source;
        this.clientCa = settings.clientCa().map(PemFile::new);
        this.ownClient = ownClient;
        this.metrics = metrics;
        try {
            this.material = read();
            this.jetty = Tls.jetty(context(material), settings.tls12(), clientCa.isPresent());
            source.served();
        } catch (Unusable unusable) {
            throw new CannotStart("No certificate to serve with: " + unusable.getMessage());
        }
    }

    SslContextFactory.Server jetty() {
        return jetty;
    }

    ServingCertificate current() {
        return material.certificate();
    }

    /**
     * Looks whether there is another one, and serves it from the next connection on. Never throws.
     *
     * @return whether another one is served now
     */
    boolean refresh() {
        try {
            var fresh = read();
            var changed = !fresh.sameAs(material);
            if (changed) {
                var context = context(fresh);
                jetty.reload(factory -> factory.setSslContext(context));
                material = fresh;
                LOG.atInfo()
                        .addKeyValue("notAfter", current().notAfter())
                        .addKeyValue("names", current().names())
                        .log("serving another certificate");
            }
            source.served();
            problem = "";
            return changed;
        } catch (Unusable unusable) {
            keepOld(String.valueOf(unusable.getMessage()), null);
        } catch (Exception | Error bug) {
            // Whatever it was: the thread that asks must live, or the old certificate is served until it expires.
            keepOld("it could not be read; the log says more.", bug);
        }
        return false;
    }

    private void keepOld(String why, @Nullable Throwable bug) {
        metrics.reloadFailed();
        // Once for each trouble, not every few seconds.
        if (!why.equals(problem)) {
            LOG.atWarn().setCause(bug).addKeyValue("problem", why).log("keeping the old certificate");
        }
        problem = why;
    }

    /** Holds while the served certificate is valid. */
    Readiness.State state() {
        var served = current();
        var notValid = served.notValidAt(Instant.now());
        if (notValid.isPresent()) {
            return Readiness.State.not(notValid.get() + (problem.isEmpty() ? "" : ". " + problem));
        }
        return problem.isEmpty()
                ? Readiness.State.ok()
                : Readiness.State.ok("the one until %s is kept, for a newer one could not be had: %s"
                        .formatted(served.notAfter(), problem));
    }

    private Material read() throws Unusable {
        var reading = source.read();
        if (reading instanceof CertificateSource.Failed failed) {
            throw new Unusable(failed.problem());
        }
        var loaded = (CertificateSource.Loaded) reading;
        try {
            var clients = new ArrayList<X509Certificate>();
            if (clientCa.isPresent()) {
                clients.addAll(clientCa.get().certificates());
                ownClient.ifPresent(own -> clients.add(own.leaf()));
            }
            return new Material(loaded.certificate(), List.copyOf(clients));
        } catch (PemText.Unusable unusable) {
            throw new Unusable("the client CA " + unusable.sentences());
        }
    }

    private static SSLContext context(Material material) throws Unusable {
        try {
            return Tls.context(Optional.of(material.certificate()), material.clients());
        } catch (GeneralSecurityException unsupported) {
            throw new Unusable("this Java's TLS does not take it. Use ECDSA (P-256) or RSA.");
        }
    }
}
