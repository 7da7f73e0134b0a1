package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;

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
    /** Between two asks: one that refuses every call at once must not be asked as often. */
    private static final long PAUSE_NANOS = 100_000_000;

    /** Whether it is there does not matter. */
    private static final Key ASKED_FOR = Key.of("sign-of-life");

    private final Member member;
    private final Time time;
    private volatile boolean underWay;
    private volatile long begunAt;
    /** When it was first asked since it was last heard of. */
    private volatile long askedAt;

    SignOfLife(Member member, Time time) {
        this.member = member;
        this.time = time;
        this.begunAt = time.nanos() - PAUSE_NANOS;
        this.askedAt = begunAt;
    }

    /**
     * Whether nothing has been heard of the provider for so long, and a question since then has gone unanswered. Asks one if none is
     * being waited for. For one caller at a time.
     *
     * @param again looks again when the answer should be known: with every client waiting there may be nobody else to do it
     */
    boolean missing(long silenceNanos, Runnable again) {
        if (gone(silenceNanos)) {
            return true;
        }
        long now = time.nanos();
        long silent = member.health.silentNanos();
        boolean waitedFor = underWay && now - silent - begunAt < 0;
        if (!waitedFor && now - begunAt >= PAUSE_NANOS) {
            begunAt = now;
            if (now - silent - askedAt >= 0) {
                askedAt = now;
            }
            underWay = true;
            time.dedicate("sign-of-life-" + member, this::ask);
            time.fork("look-again-" + member, () -> {
                try {
                    time.sleep(Math.max(PATIENCE_NANOS, silenceNanos - silent));
                } catch (InterruptedException e) {
                    return;
                }
                if (gone(silenceNanos)) {
                    again.run();
                }
            });
        }
        return false;
    }

    private boolean gone(long silenceNanos) {
        long silent = member.health.silentNanos();
        long asked = time.nanos() - askedAt;
        return silent >= silenceNanos && asked >= PATIENCE_NANOS && asked < silent;
    }

    private void ask() {
        try {
            member.call(Provider::probe);
            member.health.alive();
        } catch (ProviderFault fault) {
            // One that does not answer in time is gone or busy, and busy ones are not helped by more questions.
            if (fault.kind() != FaultKind.TIMEOUT && answers()) {
                member.health.alive();
            }
        } finally {
            underWay = false;
        }
    }

    /** Probes may fail of themselves while all else works: the last that has the data is not given up for its health checks. */
    private boolean answers() {
        try {
            member.call(provider -> provider.sight(NamespaceId.SYSTEM, ASKED_FOR));
            return true;
        } catch (ProviderFault fault) {
            // No sign; the next who misses one asks again.
            return false;
        }
    }
}
