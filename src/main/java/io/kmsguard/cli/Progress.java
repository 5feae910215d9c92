// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

/** Says on a terminal that work goes on, once it takes long; elsewhere nothing. Safe for use by many threads. */
final class Progress {

    private static final long FIRST = 1_000_000_000L;
    private static final long NEXT = 200_000_000L;

    private final Session session;
    private long due = System.nanoTime() + FIRST;
    private int count;
    private boolean shown;

    Progress(Session session) {
        this.session = session;
    }

    synchronized void step() {
        count++;
        var now = System.nanoTime();
        if (session.terminals().err() && now - due >= 0) {
            session.err().print("\r" + count + " judged …");
            session.err().flush();
            shown = true;
            due = now + NEXT;
        }
    }

    /** Clears the line. */
    synchronized void done() {
        if (shown) {
            session.err().print("\r\u001B[K");
            session.err().flush();
            shown = false;
        }
    }
}
