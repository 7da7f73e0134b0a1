package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One way to build a store and what lies before it, at several places. Called on threads of the world. */
interface Stack {
    /** For how long a client waits for one answer. */
    long GIVE_UP_NANOS = 2_000_000_000L;

    /** Starts everything, and returns once it serves. */
    void begin(SimulatedTime world);

    /** Everything starts again, with nothing near. */
    void start();

    /** Everything but the providers loses its power at once, and what was near is gone. */
    void crash();

    /** Gives a key its first value while all is well, near no place. */
    void fill(Namespace namespace, Key key, byte[] value);

    /** A read that is answered from near, needing no thread; null when it is not. */
    @Nullable
    Got atOnce(int place, Namespace namespace, Key key);

    /**
     * A read.
     *
     * @param confirmed past all caches
     */
    Got read(int place, Namespace namespace, Key key, boolean confirmed);

    /**
     * Writes.
     *
     * @param seen what was read and decided on, where a store can insist on that; null to write in any case
     */
    Wrote write(int place, Namespace namespace, Key key, byte[] value, Got.@Nullable Value seen);

    void delete(int place, Namespace namespace, Key key);

    /** What a write came to. */
    enum Wrote {
        ACKNOWLEDGED,
        /** Something else was there than what it had seen. Nothing has happened. */
        OVERTAKEN,
        /** Nobody knows, or it was refused. */
        FAILED
    }

    /** The value that a write of this number writes. */
    static byte[] value(long number, int bytes) {
        return ByteBuffer.allocate(bytes).putLong(number).array();
    }

    static long number(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }
}
