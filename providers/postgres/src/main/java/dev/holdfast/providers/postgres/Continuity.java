package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server that is reached now continues the one that acknowledged our writes. A failover to a replica that lags, or a
 * restored backup, answers with the same place in an older state. It shows when a connection is made, before anything is asked on
 * it: the newest version there is then older than one that was acknowledged. Everything fails until the caller has been told by a
 * probe. Thread-safe.
 */
final class Continuity {
    private static final Logger LOG = LoggerFactory.getLogger(Continuity.class);

    private final String where;
    private final AtomicReference<Version> acknowledged = new AtomicReference<>(Version.NONE);
    private volatile @Nullable String timeline;
    private volatile @Nullable String wentBack;

    Continuity(String where) {
        this.where = where;
    }

    void acknowledge(Version version) {
        acknowledged.accumulateAndGet(version, Version::newest);
    }

    /** The newest version that was acknowledged here. */
    Version acknowledged() {
        return acknowledged.get();
    }

    /**
     * A new connection sees this.
     *
     * @param before what was acknowledged before {@code highWater} was read
     */
    void connected(String itsTimeline, Version before, Version highWater) {
        String last = timeline;
        boolean failover = last != null && !last.equals(itsTimeline);
        if (failover) {
            LOG.info("{} has failed over from timeline {} to {}", where, last, itsTimeline);
        }
        if (before.newerThan(highWater)) {
            wentBack = "it holds nothing newer than version " + highWater + ", though version " + before
                    + " was acknowledged"
                    + (failover
                            ? "; its server has failed over from timeline " + last + " to " + itsTimeline
                            : "; its timeline is " + itsTimeline);
        }
        timeline = itsTimeline;
    }

    void require() throws ProviderFault {
        String complaint = wentBack;
        if (complaint != null) {
            throw new ProviderFault(FaultKind.ROLLED_BACK, where + " is back in an older state: " + complaint);
        }
    }

    /** The caller hears how far the place has come, whatever it was. */
    void told(Version highWater) {
        if (wentBack != null) {
            acknowledged.set(highWater);
            wentBack = null;
        }
    }

    /** The caller hears that there is another place, or none. */
    void forget() {
        acknowledged.set(Version.NONE);
        wentBack = null;
    }
}
