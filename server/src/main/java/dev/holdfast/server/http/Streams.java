package dev.holdfast.server.http;

import java.util.HashMap;
import java.util.Map;

/** The answers that are being written piece by piece, and the thread that writes each. Thread-safe. */
final class Streams {
    private final int most;
    private final Map<AnswerStream, Thread> open = new HashMap<>();
    private boolean ended;

    Streams(int most) {
        this.most = most;
    }

    /** @return false when there are as many as may be, or no more are to begin */
    synchronized boolean enter(AnswerStream stream) {
        if (ended || open.size() >= most) {
            return false;
        }
        open.put(stream, Thread.currentThread());
        return true;
    }

    synchronized void leave(AnswerStream stream) {
        open.remove(stream);
    }

    /** Interrupts all who write, and lets no more in. */
    synchronized void end() {
        ended = true;
        open.values().forEach(Thread::interrupt);
    }

    synchronized int open() {
        return open.size();
    }
}
