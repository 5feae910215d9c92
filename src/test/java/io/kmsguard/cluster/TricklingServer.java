// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Sends the head of an answer at once and then one byte after another, until the other side hangs up. */
final class TricklingServer implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CompletableFuture<Void> hungUp = new CompletableFuture<>();

    TricklingServer() throws IOException {
        var thread = new Thread(this::serve, "trickle");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Done when the other side no longer takes bytes. */
    CompletableFuture<Void> hungUp() {
        return hungUp;
    }

    private void serve() {
        try (var connection = socket.accept()) {
            var out = connection.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n{\"a\":\""
                    .getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(1);
            }
        } catch (IOException gone) {
            hungUp.complete(null);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
