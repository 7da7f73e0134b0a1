package dev.holdfast.server.http;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that request bodies may fill together. Thread-safe. */
final class BodyMemory {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    BodyMemory(long limit) {
        this.limit = limit;
    }

    boolean take(long bytes) {
        if (used.addAndGet(bytes) <= limit) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }
}
