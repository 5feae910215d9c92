// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

/** A whole body; to be closed when its bytes are no longer needed. */
final class ReviewBody implements AutoCloseable {

    /** The request's attribute that holds it. */
    static final String ATTRIBUTE = ReviewBody.class.getName();

    private final byte[] bytes;
    private final Runnable leave;

    /** @param leave gives its room back; may be run more than once */
    ReviewBody(byte[] bytes, Runnable leave) {
        this.bytes = bytes;
        this.leave = leave;
    }

    /** Not copied. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public void close() {
        leave.run();
    }
}
