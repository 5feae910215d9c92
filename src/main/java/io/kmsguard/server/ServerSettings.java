// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What an operator may set of the server. Names in messages are the components' names with hyphens.
 *
 * @param host the address that takes reviews; none is every address of the machine
 * @param port the port that takes reviews; 0 is a free one
 * @param opsHost the address of health and metrics; none is every address, which kubelet and Prometheus need
 * @param opsPort the port of health and metrics; 0 is a free one
 * @param serverName the name by which the API server calls, {@code <service>.<namespace>.svc}; where it is given, the
 *     server is not ready with a certificate for other names
 * @param tls12 whether TLS 1.2 is spoken beside 1.3
 * @param clientCa certificates (PEM) of whom callers must show one; none lets every caller in
 * @param threads all threads that reviews may take, those of the network included
 * @param concurrentReviews reviews at one time; the others wait
 * @param waitingReviews reviews that wait at one time; the others are answered 503
 * @param connections connections at one time; the others wait to be accepted
 * @param bodyLimit bytes of the longest body
 * @param defaultTimeout the caller's timeout where it does not tell it
 * @param deadlineMargin what is kept back of the caller's timeout for the way to it, never more than a fifth
 * @param drainDelay how long reviews are still taken after the drain began. Ten seconds: the news that the pod is going
 *     away takes some seconds to every API server, and each connection must be used once more to be told to close
 * @param stopTimeout how long running reviews may take to end after the delay; longer than an API server waits for one
 * @param idleTimeout how long an unused connection stays open. Longer than the 90 seconds of an API server, so that the
 *     caller closes it and no review is sent into a connection that the server just closed
 * @param reloadInterval how often certificate files are looked at. Polling, because a watch sees the kubelet's symbolic
 *     links change only in part, and a missed change is an outage weeks later
 */
public record ServerSettings(
        Optional<String> host,
        int port,
        Optional<String> opsHost,
        int opsPort,
        Optional<String> serverName,
        boolean tls12,
        Optional<Path> clientCa,
        int threads,
        int concurrentReviews,
        int waitingReviews,
        int connections,
        int bodyLimit,
        Duration defaultTimeout,
        Duration deadlineMargin,
        Duration drainDelay,
        Duration stopTimeout,
        Duration idleTimeout,
        Duration reloadInterval) {

    /** The defaults, for a pod in a cluster. */
    public static ServerSettings defaults() {
        return builder().build();
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings; what is not set keeps its default. Nothing is checked here: see {@link SettingsCheck}. */
    public static final class Builder {
        private Optional<String> host = Optional.empty();
        private int port = 8443;
        private Optional<String> opsHost = Optional.empty();
        private int opsPort = 8080;
        private Optional<String> serverName = Optional.empty();
        private boolean tls12;
        private Optional<Path> clientCa = Optional.empty();
        private int threads = 16;
        private int concurrentReviews = 12;
        private int waitingReviews = 1_000;
        private int connections = 1_000;
        private int bodyLimit = 7 * 1024 * 1024;
        private Duration defaultTimeout = Duration.ofSeconds(5);
        private Duration deadlineMargin = Duration.ofMillis(500);
        private Duration drainDelay = Duration.ofSeconds(10);
        private Duration stopTimeout = Duration.ofSeconds(6);
        private Duration idleTimeout = Duration.ofMinutes(2);
        private Duration reloadInterval = Duration.ofSeconds(10);

        private Builder() {}

        public Builder host(String value) {
            host = Optional.of(value);
            return this;
        }

        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder opsHost(String value) {
            opsHost = Optional.of(value);
            return this;
        }

        public Builder opsPort(int value) {
            opsPort = value;
            return this;
        }

        public Builder serverName(String value) {
            serverName = Optional.of(value);
            return this;
        }

        public Builder tls12(boolean value) {
            tls12 = value;
            return this;
        }

        public Builder clientCa(Path value) {
            clientCa = Optional.of(value);
            return this;
        }

        public Builder threads(int value) {
            threads = value;
            return this;
        }

        public Builder concurrentReviews(int value) {
            concurrentReviews = value;
            return this;
        }

        public Builder waitingReviews(int value) {
            waitingReviews = value;
            return this;
        }

        public Builder connections(int value) {
            connections = value;
            return this;
        }

        public Builder bodyLimit(int bytes) {
            bodyLimit = bytes;
            return this;
        }

        public Builder defaultTimeout(Duration value) {
            defaultTimeout = value;
            return this;
        }

        public Builder deadlineMargin(Duration value) {
            deadlineMargin = value;
            return this;
        }

        public Builder drainDelay(Duration value) {
            drainDelay = value;
            return this;
        }

        public Builder stopTimeout(Duration value) {
            stopTimeout = value;
            return this;
        }

        public Builder idleTimeout(Duration value) {
            idleTimeout = value;
            return this;
        }

        public Builder reloadInterval(Duration value) {
            reloadInterval = value;
            return this;
        }

        /** The settings as given, right or wrong. */
        public ServerSettings build() {
            return new ServerSettings(
                    host,
                    port,
                    opsHost,
                    opsPort,
                    serverName,
                    tls12,
                    clientCa,
                    threads,
                    concurrentReviews,
                    waitingReviews,
                    connections,
                    bodyLimit,
                    defaultTimeout,
                    deadlineMargin,
                    drainDelay,
                    stopTimeout,
                    idleTimeout,
                    reloadInterval);
        }
    }
}
