// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.thread.Scheduler;

/** Connections: no address has all of them, and none takes longer for its handshake than a review may. */
final class Callers implements Connection.Listener {

    /** An honest handshake takes milliseconds. */
    static final long HANDSHAKE_SECONDS = 5;

    /** What the session of a connection without a finished handshake is said to speak. */
    private static final String NO_PROTOCOL = "NONE";

    private final int share;
    private final Scheduler scheduler;
    private final Map<String, Integer> open = new HashMap<>();

    /** @param share connections of one address at one time; one more is closed */
    Callers(int share, Scheduler scheduler) {
        this.share = share;
        this.scheduler = scheduler;
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof SslConnection secured)) {
            return;
        }
        int count;
        synchronized (open) {
            count = open.merge(address(connection), 1, Integer::sum);
        }
        if (count > share) {
            connection.getEndPoint().close();
            return;
        }
        scheduler.schedule(() -> endUnlessSpoken(secured), HANDSHAKE_SECONDS, TimeUnit.SECONDS);
    }

    private static void endUnlessSpoken(SslConnection secured) {
        if (secured.getSSLEngine().getSession().getProtocol().equals(NO_PROTOCOL)) {
            secured.getEndPoint().close();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        if (connection instanceof SslConnection) {
            synchronized (open) {
                open.computeIfPresent(address(connection), (any, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    private static String address(Connection connection) {
        SocketAddress remote = connection.getEndPoint().getRemoteSocketAddress();
        return remote instanceof InetSocketAddress internet
                ? String.valueOf(internet.getAddress())
                : String.valueOf(remote);
    }
}
