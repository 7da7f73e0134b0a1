package dev.holdfast.engine.replication;

import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells a provider that is gone from one that is only held up at what it was asked. When a disk takes a second to sync, every
 * client waits in a write and nothing is heard of the provider; yet it answers a question that needs no sync, and giving up the
 * last one left would turn a second's wait into refused requests.
 *
 * <p>Thread-safe.
 */
final class SignOfLife {
    /** How long the sign may take. */
    private static final long PATIENCE_NANOS = 200_000_000;

    private final Member member;
    private final Time time;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private volatile long askedAt;

    SignOfLife(Member member, Time time) {
        this.member = member;
        this.time = time;
        this.askedAt = time.nanos();
    }

    /**
     * Whether nothing has been heard of the provider for so long, although it was asked for a sign of life. Asks for one if none
     * is being waited for.
     */
    boolean missing(long silenceNanos) {
        long now = time.nanos();
        long silent = member.health.silentNanos();
        if (now - silent >= askedAt) {
            askedAt = now;
        }
        if (underWay.compareAndSet(false, true)) {
            time.dedicate("sign-of-life-" + member, this::ask);
        }
        return silent >= silenceNanos && now - askedAt >= PATIENCE_NANOS;
    }

    private void ask() {
        try {
            member.call(provider -> provider.probe());
            member.health.alive();
        } catch (ProviderFault fault) {
            // No sign; the next who misses one asks again.
        } finally {
            underWay.set(false);
        }
    }
}
