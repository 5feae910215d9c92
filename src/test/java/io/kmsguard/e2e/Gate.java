// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A port of the loopback that leads to another one, and can be shut: what comes meanwhile is neither passed on nor refused. */
final class Gate implements AutoCloseable {

    private final ServerSocket listener;
    private final int target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        var thread = new Thread(work, "gate");
        thread.setDaemon(true);
        return thread;
    });
    private boolean shut;

    private Gate(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** Listens, and is open. */
    static Gate to(int port) throws IOException {
        var gate = new Gate(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
        gate.threads.execute(gate::accept);
        return gate;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Nothing comes through from now on. */
    void shut() {
        lock.lock();
        try {
            shut = true;
        } finally {
            lock.unlock();
        }
    }

    /** What waits comes through. */
    void open() {
        lock.lock();
        try {
            shut = false;
            opened.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitOpen() throws InterruptedException {
        lock.lock();
        try {
            while (shut) {
                opened.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var caller = listener.accept();
                threads.execute(() -> lead(caller));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void lead(Socket caller) {
        try (caller;
                var callee = new Socket(InetAddress.getLoopbackAddress(), target)) {
            threads.execute(() -> pump(callee, caller));
            pump(caller, callee);
        } catch (IOException refused) {
            // The caller sees it by the close.
        }
    }

    private void pump(Socket from, Socket to) {
        var bytes = new byte[16_384];
        try (from;
                to) {
            for (var count = 0; count >= 0; count = from.getInputStream().read(bytes)) {
                awaitOpen();
                to.getOutputStream().write(bytes, 0, count);
            }
        } catch (IOException over) {
            // Both ends see it by the close.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
