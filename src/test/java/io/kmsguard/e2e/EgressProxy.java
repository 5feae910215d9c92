// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * The network between the API server and the pods: takes the API server's {@code CONNECT} on a Unix socket, and passes
 * each connection to a port of the loopback. Nothing leaves this machine.
 */
final class EgressProxy implements AutoCloseable {

    private final ServerSocketChannel listener;
    private final Function<String, Optional<Integer>> routes;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        var thread = new Thread(work, "egress");
        thread.setDaemon(true);
        return thread;
    });

    private EgressProxy(ServerSocketChannel listener, Function<String, Optional<Integer>> routes) {
        this.listener = listener;
        this.routes = routes;
    }

    /**
     * Listens.
     *
     * @param routes from {@code HOST:PORT} to the port of the loopback that answers for it; nothing refuses
     */
    static EgressProxy listen(Path socket, Function<String, Optional<Integer>> routes) throws IOException {
        var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        var proxy = new EgressProxy(listener, routes);
        proxy.threads.execute(proxy::accept);
        return proxy;
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                var caller = listener.accept();
                threads.execute(() -> serve(caller));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(SocketChannel caller) {
        try (caller) {
            var target = target(head(caller));
            var port = routes.apply(target);
            if (port.isEmpty()) {
                send(caller, "HTTP/1.1 503 no endpoint\r\n\r\n");
                return;
            }
            try (var callee = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.get()))) {
                send(caller, "HTTP/1.1 200 Connection established\r\n\r\n");
                var back = threads.submit(() -> pump(callee, caller));
                pump(caller, callee);
                callee.shutdownOutput();
                back.get();
            }
        } catch (Exception over) {
            // Either end has hung up, which the other one sees by the close.
        }
    }

    private static String target(String head) {
        var words = head.split(" ", 3);
        return words.length == 3 && words[0].equals("CONNECT") ? words[1] : "";
    }

    /** Byte by byte, so that nothing behind the head is taken. */
    private static String head(ByteChannel channel) throws IOException {
        var head = new StringBuilder();
        var one = ByteBuffer.allocate(1);
        while (head.indexOf("\r\n\r\n") < 0 && channel.read(one.clear()) > 0) {
            head.append((char) one.get(0));
        }
        return head.toString();
    }

    private static void send(ByteChannel channel, String text) throws IOException {
        write(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static void write(ByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void pump(SocketChannel from, SocketChannel to) {
        var buffer = ByteBuffer.allocate(16_384);
        try {
            while (from.read(buffer.clear()) >= 0) {
                write(to, buffer.flip());
            }
            to.shutdownOutput();
        } catch (IOException broken) {
            // Left open, the other direction would take requests that nobody can answer.
            close(from);
            close(to);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException closed) {
            // That is what was wanted.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
