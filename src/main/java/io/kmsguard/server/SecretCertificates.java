// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves what a Secret of managed certificates holds. Until it holds something, a certificate that nobody trusts keeps the port
 * open, and {@link #state} says that it is one. Safe for use by many threads.
 */
public final class SecretCertificates implements CertificateSource {

    /** So short that an alarm on certificates which are about to expire is raised by this one too. */
    private static final Duration STOPGAP_VALIDITY = Duration.ofDays(1);

    private final String place;
    private final Supplier<Optional<Map<String, String>>> texts;
    private final Clock clock;
    private final String serverName;

    private volatile boolean used;
    private volatile Map<String, String> lastTexts = Map.of();
    private volatile @Nullable Reading last;
    private volatile String bundle = "";
    private volatile String problem;

    /**
     * @param place what messages call the Secret
     * @param serverName the name by which the API server calls
     * @param texts PEM by key as last seen, from memory; empty where nothing was seen yet
     */
    public SecretCertificates(
            String place, String serverName, Supplier<Optional<Map<String, String>>> texts, Clock clock) {
        this.place = place;
        this.texts = texts;
        this.clock = clock;
        this.problem = place + " was not read yet.";
        this.serverName = serverName;
    }

    @Override
    public Reading read() {
        var reading = last;
        var seen = texts.get();
        if (seen.isPresent() && !(seen.get().equals(lastTexts) && reading instanceof Loaded)) {
            reading = read(seen.get());
            lastTexts = seen.get();
        } else if (reading == null) {
            reading = stopgap();
        }
        last = reading;
        return reading;
    }

    @Override
    public void served() {
        used = !bundle.isEmpty();
    }

    /** Made only where it is needed: two keys and their signatures take a fifth of a start. */
    private Reading stopgap() {
        // As long as nothing of the Secret was served, what was read last is the stopgap.
        var made = last;
        return made != null
                ? made
                : new Loaded(new Issuer("kms-guard stopgap CA", clock.instant(), STOPGAP_VALIDITY)
                        .server(List.of(serverName), STOPGAP_VALIDITY));
    }

    private Reading read(Map<String, String> seen) {
        var own = OwnCertificates.read(place, seen);
        problem = problem(own);
        if (!problem.isEmpty()) {
            return bundle.isEmpty() ? stopgap() : new Failed(problem);
        }
        bundle = OwnCertificates.pem(own.bundle());
        return new Loaded(own.leaf().orElseThrow());
    }

    /** Who vouches for what is served (PEM); empty where nothing of the Secret is. */
    public String bundle() {
        return bundle;
    }

    private String problem(OwnCertificates own) {
        if (own.leaf().isEmpty()) {
            return own.leafProblem();
        }
        // Callers would refuse it, and the one in force may be trusted still.
        return own.voucher().isEmpty()
                ? place + ": nobody in ca.crt vouches for tls.crt."
                : own.leaf()
                        .flatMap(leaf -> leaf.notValidAt(clock.instant()))
                        .map(why -> place + ": tls.crt cannot serve: " + why + ".")
                        .orElse("");
    }

    /** Holds once a certificate of the Secret is served. */
    public Readiness.State state() {
        if (used) {
            return Readiness.State.ok();
        }
        return Readiness.State.not("there is no certificate yet that the API server could trust: "
                + (problem.isEmpty() ? "it is about to be served." : problem));
    }
}
