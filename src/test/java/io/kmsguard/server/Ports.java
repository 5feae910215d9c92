// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free ports of the loopback for what cannot be told port 0. Each is given once, and none is one that Linux or macOS
 * gives to port 0 or to an outgoing connection by default: such a one could be taken before, or between, its uses.
 */
public final class Ports {

    static final int FIRST = 10_000;
    /** The first that Linux gives away by itself (net.ipv4.ip_local_port_range); macOS begins later. */
    static final int END = 32_768;

    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(END - FIRST));

    private Ports() {}

    /** One that nobody listens on. */
    public static int free() {
        for (var tried = FIRST; tried < END; tried++) {
            var port = FIRST + NEXT.getAndUpdate(next -> (next + 1) % (END - FIRST));
            if (isFree(port)) {
                return port;
            }
        }
        throw new AssertionError("every port from " + FIRST + " to " + (END - 1) + " is taken");
    }

    static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException taken) {
            return false;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
