package dev.holdfast.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a run has started and made. All of it goes, the newest first, at the end or when the run is broken off. Thread-safe.
 */
final class Belongings implements AutoCloseable {
    private final Deque<AutoCloseable> all = new ArrayDeque<>();

    Belongings() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    synchronized <T extends AutoCloseable> T add(T thing) {
        all.push(thing);
        return thing;
    }

    @Override
    public synchronized void close() {
        while (!all.isEmpty()) {
            try {
                all.pop().close();
            } catch (Exception e) {
                System.err.println("not cleaned up: " + e);
            }
        }
    }
}
