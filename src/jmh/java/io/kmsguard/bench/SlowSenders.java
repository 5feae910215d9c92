// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.bench;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Senders that say the head of a review and then a byte every half second, again and again; beside them one whole review every 200
 * milliseconds. Trusts whoever answers on loopback.
 */
public final class SlowSenders {

    private static final int SECOND = 1_000;

    private static final List<String> HEAD = List.of(
            "POST /validate?timeout=30s HTTP/1.1",
            "Host: guard",
            "Content-Type: application/json",
            "Content-Length: 30000");

    private SlowSenders() {}

    /**
     * Measures.
     *
     * @param args port, file of the review, senders, seconds
     */
    public static void main(String[] args) throws Exception {
        var port = Integer.parseInt(args[0]);
        var review = Files.readAllBytes(Path.of(args[1]));
        var senders = Integer.parseInt(args[2]);
        var trust = trustingAll();
        for (var sender = 0; sender < senders; sender++) {
            var thread = new Thread(() -> send(trust, port), "sender " + sender);
            thread.setDaemon(true);
            thread.start();
        }
        // All of them are connected before the first review is timed.
        Thread.sleep(3L * SECOND);
        report(senders, reviews(trust, port, review, Integer.parseInt(args[3])));
    }

    private static void send(SSLContext trust, int port) {
        var head = String.join("\r\n", HEAD) + "\r\n\r\n";
        while (true) {
            try (var socket = trust.getSocketFactory().createSocket("127.0.0.1", port)) {
                var out = socket.getOutputStream();
                out.write(head.getBytes(StandardCharsets.US_ASCII));
                while (true) {
                    out.write('{');
                    out.flush();
                    Thread.sleep(SECOND / 2);
                }
            } catch (IOException | InterruptedException again) {
                // It was ended, and begins anew.
            }
        }
    }

    /** The milliseconds of each; -1 for one without an answer. */
    private static List<Double> reviews(SSLContext trust, int port, byte[] review, int seconds)
            throws InterruptedException {
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trust)
                .build();
        var request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/validate?timeout=5s"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(5))
                .POST(BodyPublishers.ofByteArray(review))
                .build();
        var times = new ArrayList<Double>();
        var end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (System.nanoTime() < end) {
            var start = System.nanoTime();
            try {
                var status = client.send(request, BodyHandlers.discarding()).statusCode();
                times.add(status == 200 ? (System.nanoTime() - start) / 1e6 : -1);
            } catch (IOException none) {
                times.add(-1.0);
            }
            Thread.sleep(Math.max(0, SECOND / 5 - (System.nanoTime() - start) / SECOND / SECOND));
        }
        return times;
    }

    private static void report(int senders, List<Double> times) {
        var answered = new ArrayList<>(times.stream().filter(time -> time >= 0).toList());
        Collections.sort(answered);
        System.out.printf(
                "%d senders: of %d reviews %d answered, %d failed; median %.1f ms, slowest %.1f ms%n",
                senders,
                times.size(),
                answered.size(),
                times.size() - answered.size(),
                answered.isEmpty() ? Double.NaN : answered.get(answered.size() / 2),
                answered.isEmpty() ? Double.NaN : answered.get(answered.size() - 1));
    }

    private static SSLContext trustingAll() throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anyone()}, null);
        return context;
    }

    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
