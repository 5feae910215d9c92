// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** One TLS connection, kept alive, on which a test says byte for byte what it wants. */
final class RawConnection implements AutoCloseable {

    record Response(int status, Map<String, String> headers, String body) {
        boolean closes() {
            return "close".equalsIgnoreCase(headers.get("connection"));
        }
    }

    private final SSLSocket socket;
    private final InputStream in;

    RawConnection(int port, SSLContext trust) throws IOException {
        this((SSLSocket) trust.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port));
    }

    RawConnection(SSLSocket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(30_000);
        socket.setSendBufferSize(64 * 1024);
        socket.startHandshake();
        this.in = socket.getInputStream();
    }

    X509Certificate shown() throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    String protocol() {
        return socket.getSession().getProtocol();
    }

    RawConnection say(String text) throws IOException {
        return say(text.getBytes(StandardCharsets.UTF_8));
    }

    RawConnection say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** The head of a review, without the body that it promises. */
    RawConnection promise(String path, int length) throws IOException {
        return say(head(path, length));
    }

    private static String head(String path, int length) {
        return "POST %s HTTP/1.1\r\nHost: guard\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                .formatted(path, length);
    }

    /** A whole review and its answer. */
    Response review(String path, byte[] body) throws IOException {
        var whole = new ByteArrayOutputStream();
        whole.writeBytes(head(path, body.length).getBytes(StandardCharsets.UTF_8));
        whole.writeBytes(body);
        return say(whole.toByteArray()).hear();
    }

    /** The next response; it must have a Content-Length. */
    Response hear() throws IOException {
        var status = Integer.parseInt(line().split(" ", 3)[1]);
        var headers = new TreeMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        var length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        var body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("a body of %d bytes ended after %d".formatted(length, body.length));
        }
        return new Response(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (var each = in.read(); each != '\n'; each = in.read()) {
            if (each < 0) {
                throw new EOFException("the connection ended");
            }
            if (each != '\r') {
                line.write(each);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Whether the other side ended the connection. */
    boolean isEnded() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
