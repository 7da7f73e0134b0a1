package dev.holdfast.client;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a namespace, as they happen. It survives lost connections and servers that are started again, and tells when
 * it can't say what was missed ({@link WatchEvent.Gap}). One thread goes through it; it waits for the next change until
 * the watch is closed, which any thread may do.
 */
public final class Watch implements Iterable<WatchEvent>, AutoCloseable {
    private final WatchStream stream;

    Watch(WatchStream stream) {
        this.stream = stream;
    }

    /** The one way through it: an iterator goes on where the one before it stopped. */
    @Override
    public Iterator<WatchEvent> iterator() {
        return new Iterator<>() {
            private @Nullable WatchEvent next;

            @Override
            public boolean hasNext() {
                while (next == null) {
                    WatchStream.Signal signal = stream.next();
                    if (signal == null) {
                        return false;
                    }
                    next = signal.event();
                }
                return true;
            }

            @Override
            public WatchEvent next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                WatchEvent event = java.util.Objects.requireNonNull(next);
                next = null;
                return event;
            }
        };
    }

    /** From where another watch goes on after all that this one has told; empty while that is not known. */
    public String position() {
        return stream.position();
    }

    @Override
    public void close() {
        stream.close();
    }
}
