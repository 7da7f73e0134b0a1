package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest version that was ever put. A put notes its version in memory; what is noted is marked in the store with the first put
 * after a second, and whenever the mark is asked for. Before it marks, it looks: a store that no longer holds the mark that was
 * last seen there has gone back in time, and a fresh mark would hide it.
 *
 * <p>Thread-safe.
 */
final class HighWater {
    private static final Logger LOG = LoggerFactory.getLogger(HighWater.class);
    private static final long MARK_NANOS = 1_000_000_000L;

    private final Register register;
    private final Time time;
    private final ReentrantLock marking = new ReentrantLock();
    private Version noted = Version.NONE;
    /** The highest that is known to have been in the store. */
    private Version seen = Version.NONE;

    private volatile long dueAt;

    HighWater(Register register, Time time) {
        this.register = register;
        this.time = time;
        this.dueAt = time.nanos();
    }

    /** To be called before a put is acknowledged. */
    void note(Version version) {
        boolean due;
        marking.lock();
        try {
            noted = Version.newest(noted, version);
            due = noted.newerThan(seen) && time.nanos() - dueAt >= 0;
            if (due) {
                dueAt = time.nanos() + MARK_NANOS;
            }
        } finally {
            marking.unlock();
        }
        if (due) {
            mark();
        }
    }

    /** The put that happens to be the first after a second does not fail for it: the next one marks. */
    void mark() {
        try {
            look();
        } catch (ProviderFault e) {
            LOG.debug("the high-water mark is put off: {}", e.getMessage());
        }
    }

    /** What the store says, once what this process has put there is marked. */
    Version read() throws ProviderFault {
        Look look = look();
        if (look.wentBack) {
            // From here on it is another past, in which what was noted before is not.
            marking.lock();
            try {
                noted = Version.NONE;
                seen = look.held;
            } finally {
                marking.unlock();
            }
        }
        return look.held;
    }

    private record Look(Version held, boolean wentBack) {}

    private Look look() throws ProviderFault {
        Version before;
        Version wanted;
        marking.lock();
        try {
            before = seen;
            wanted = noted;
        } finally {
            marking.unlock();
        }
        Register.Reading reading = register.reading();
        Version held = reading.height();
        if (before.newerThan(held)) {
            return new Look(held, true);
        }
        if (wanted.newerThan(held)) {
            register.raise(reading, wanted);
            held = wanted;
        }
        marking.lock();
        try {
            seen = Version.newest(seen, held);
        } finally {
            marking.unlock();
        }
        return new Look(held, false);
    }

    /** Whether a put of this process is not marked yet. */
    boolean owes() {
        marking.lock();
        try {
            return noted.newerThan(seen);
        } finally {
            marking.unlock();
        }
    }
}
