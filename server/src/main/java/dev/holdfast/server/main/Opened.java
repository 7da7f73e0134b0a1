package dev.holdfast.server.main;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has been opened so far, to be closed in reverse order. Used by one thread at a time. */
final class Opened {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** Closes everything, whatever fails on the way; the first failure carries the others. */
    void close() throws StopFailed {
        StopFailed failed = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                if (failed == null) {
                    failed = new StopFailed();
                }
                failed.addSuppressed(e);
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** The server has stopped, and not everything went as it should. */
    static final class StopFailed extends Exception {
        private static final long serialVersionUID = 1;

        StopFailed() {
            super("the server did not stop cleanly");
        }
    }
}
