// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.kmsguard.admission.Webhook;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the own webhook as the API server does: over TLS, trusting the own authority only. What it sends is nothing to judge;
 * that it comes back answered shows that port, certificate and judge work together.
 */
final class SelfReview {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Bytes of an answer; that to nothing to judge is short. */
    private static final int LONGEST_ANSWER = 64 * 1024;

    private static final JsonMapper JSON = new JsonMapper();

    private static final String REVIEW = """
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"%s",\
            "kind":{"group":"apps","version":"v1","kind":"Deployment"},\
            "resource":{"group":"apps","version":"v1","resource":"deployments"},\
            "operation":"CREATE","namespace":"kms-guard","name":"self-review","dryRun":true,\
            "userInfo":{"username":"kms-guard:self-review"},\
            "object":{"apiVersion":"apps/v1","kind":"Deployment",\
            "metadata":{"namespace":"kms-guard","name":"self-review"},\
            "spec":{"selector":{"matchLabels":{"app":"self-review"}},\
            "template":{"metadata":{"labels":{"app":"self-review"}},\
            "spec":{"containers":[{"name":"self-review","image":"self-review"}]}}}}}}
            """;

    private final String host;
    private final int port;
    private final Optional<String> serverName;
    private final CertificateInUse certificate;
    private final Optional<ServingCertificate> ownClient;

    /**
     * A review that is not yet made.
     *
     * @param ownClient what is shown where callers must show a certificate
     */
    SelfReview(
            ServerSettings settings, int port, CertificateInUse certificate, Optional<ServingCertificate> ownClient) {
        this.host = settings.host().filter(name -> !isEveryAddress(name)).orElseGet(SelfReview::loopback);
        this.port = port;
        this.serverName = settings.serverName();
        this.certificate = certificate;
        this.ownClient = ownClient;
    }

    private static boolean isEveryAddress(String name) {
        return name.equals("0.0.0.0") || name.equals("::");
    }

    private static String loopback() {
        return InetAddress.getLoopbackAddress().getHostAddress();
    }

    /** Makes it. */
    Readiness.State run() {
        var served = certificate.current();
        if (serverName.isPresent() && !served.isFor(serverName.get())) {
            return Readiness.State.not("the certificate is not for %s, by which the API server calls, but for %s"
                    .formatted(serverName.get(), served.names()));
        }
        try {
            var tls = Tls.context(ownClient, served.trusted()).getSocketFactory();
            for (var webhook : Webhook.values()) {
                var uid = UUID.randomUUID().toString();
                var status = post(open(webhook, tls), webhook, uid);
                if (!status.ready()) {
                    return status;
                }
            }
            return Readiness.State.ok();
        } catch (IOException | GeneralSecurityException | JacksonException failed) {
            return Readiness.State.not("the call to itself failed: " + failed);
        }
    }

    private static Readiness.State post(HttpsURLConnection call, Webhook webhook, String uid) throws IOException {
        try {
            try (var body = call.getOutputStream()) {
                body.write(REVIEW.formatted(uid).getBytes(StandardCharsets.UTF_8));
            }
            if (call.getResponseCode() != HttpURLConnection.HTTP_OK) {
                return Readiness.State.not("%s answered %d".formatted(webhook.path(), call.getResponseCode()));
            }
            try (var answer = call.getInputStream()) {
                var review = JSON.readTree(answer.readNBytes(LONGEST_ANSWER));
                return uid.equals(review.path("response").path("uid").asString(""))
                        ? Readiness.State.ok()
                        : Readiness.State.not(webhook.path() + " answered another review than it was asked");
            }
        } finally {
            call.disconnect();
        }
    }

    private HttpsURLConnection open(Webhook webhook, SSLSocketFactory tls) throws IOException {
        var authority = host.contains(":") ? "[" + host + "]" : host;
        var url = URI.create("https://%s:%d%s".formatted(authority, port, webhook.path()))
                .toURL();
        var call = (HttpsURLConnection) url.openConnection(Proxy.NO_PROXY);
        call.setSSLSocketFactory(tls);
        // The certificate is for the Service's name, and this goes to an address. The name was looked at above.
        call.setHostnameVerifier((name, session) -> true);
        call.setConnectTimeout((int) TIMEOUT.toMillis());
        call.setReadTimeout((int) TIMEOUT.toMillis());
        call.setRequestMethod("POST");
        call.setRequestProperty("Content-Type", "application/json");
        call.setRequestProperty("Connection", "close");
        call.setDoOutput(true);
        return call;
    }
}
