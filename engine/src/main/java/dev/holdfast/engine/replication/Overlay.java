package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import org.jspecify.annotations.Nullable;

/** What the hint log knows of a key that some provider does not hold yet. Thread-safe. */
final class Overlay {
    private final HintLog hints;
    private final Members members;
    private final Counters counters;

    Overlay(HintLog hints, Members members, Counters counters) {
        this.hints = hints;
        this.members = members;
        this.counters = counters;
    }

    /** The newest record that waits for any provider under this key; null for none. */
    @Nullable
    Record newest(KeyRef ref) throws LocalStoreFault {
        Record newest = null;
        for (Member member : members.all()) {
            Record record = waiting(member, ref);
            if (record != null) {
                newest = newest == null ? record : Record.merge(newest, record);
            }
        }
        return newest;
    }

    /**
     * The record that waits for this provider; null for none.
     *
     * @throws LocalStoreFault also for a hint that is damaged: what it held is not known to be absent
     */
    @Nullable
    Record waiting(Member member, KeyRef ref) throws LocalStoreFault {
        try {
            return hints.get(member, ref).orElse(null);
        } catch (DamagedRecord e) {
            counters.damaged.increment();
            members.lied(member, "a hint for it is damaged on this node's disk: " + e.getMessage());
            throw new LocalStoreFault("a hint for provider " + member + " is damaged: " + e.getMessage(), false, e);
        }
    }
}
