package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which writes an earlier run of this node may have left at some homes only, since it ended in the middle of them: no hint of theirs came
 * to its disk. They were stamped in the last moments of that run, which the clock's reservation tells. Until the first comparison of all
 * providers has levelled that, whoever shows such a write sees to it that every home comes to hold it. Thread-safe.
 */
final class CutShort {
    private static final Logger LOG = LoggerFactory.getLogger(CutShort.class);
    private static final String FROM = "cut-short";
    private static final long LEVELLED = 0;

    private final NodeMemory memory;
    private final long upToMillis;
    private volatile long fromMillis;

    private CutShort(NodeMemory memory, long fromMillis, long upToMillis) {
        this.memory = memory;
        this.fromMillis = fromMillis;
        this.upToMillis = upToMillis;
    }

    /**
     * As a node finds it when it starts.
     *
     * @param reservedMillis up to where the earlier runs have stamped; 0 when that is not known
     * @param anew whether there was no earlier run
     * @param longestMillis how long a write may take
     */
    static CutShort found(NodeMemory memory, long reservedMillis, boolean anew, long longestMillis)
            throws LocalStoreFault {
        if (anew) {
            return new CutShort(memory, LEVELLED, 0);
        }
        // The last stamp is no further below the reservation than that is made ahead.
        long last = Math.max(1, reservedMillis - HybridClock.RESERVE_MILLIS - longestMillis);
        long before = memory.number(FROM);
        long from = before == LEVELLED ? last : Math.min(before, last);
        memory.keepNumber(FROM, from);
        return new CutShort(memory, from, reservedMillis == 0 ? Long.MAX_VALUE : reservedMillis);
    }

    /** Whether it may be one of these. */
    boolean mayBe(Version version) {
        long from = fromMillis;
        return from != LEVELLED && version.millis() >= from && version.millis() <= upToMillis;
    }

    /** All providers have been compared with one another. A failure is logged, not thrown: the next run is more careful than it need be. */
    void levelled() {
        if (fromMillis == LEVELLED) {
            return;
        }
        fromMillis = LEVELLED;
        try {
            memory.keepNumber(FROM, LEVELLED);
        } catch (LocalStoreFault e) {
            LOG.error("that all providers are level could not be kept on this node's disk: {}", e.getMessage());
        }
    }
}
