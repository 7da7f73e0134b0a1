package dev.holdfast.engine.edge;

import dev.holdfast.engine.edge.PinnedWants.Want;
import dev.holdfast.engine.edge.PinnedWants.Why;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.OnOutage;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.engine.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * Reads of pinned namespaces, from their copies alone: at once, whatever is going on elsewhere. Only where the copy would have to be
 * silent is a read left to the ordinary way: while the copy has never been whole, when what it has is older than the namespace allows
 * in an outage, and when somebody here has been shown that there is more. Thread-safe.
 */
final class PinnedReads {
    private static final Freshness SURE = new Freshness(NearAnswer.PINNED, true, "");
    private static final Freshness OLD = new Freshness(
            NearAnswer.PINNED, false, "what was made elsewhere since may not have been heard of at this node");

    private final Time time;
    private final Coverage coverage;
    private final EdgeCounters counters;
    private final PinnedCopies copies;

    PinnedReads(Time time, Coverage coverage, Near near) {
        this.time = time;
        this.coverage = coverage;
        this.counters = near.counters();
        this.copies = near.pinned();
    }

    /**
     * @param ttlNanos for how long an answer is good enough
     * @param strict whether all that has been heard of must be in the answer, as for a session
     * @return null when the copy does not decide it
     */
    @Nullable
    NearAnswer read(Namespace namespace, Key key, long ttlNanos, boolean strict) {
        PinnedCopy copy = namespace.policy().pinned() ? copies.of(namespace.id()) : null;
        PinnedWhole whole = copy == null ? null : copy.whole();
        if (copy == null || whole == null) {
            return null;
        }
        // In this order: what comes between makes the answer older than it is, never younger.
        long known = whole.until(coverage);
        Want want = copy.wanted(key);
        Entry entry = copy.get(key);
        if (entry == null && copy.whole() == null) {
            return null;
        }
        if (entry != null && entry.vouched() && entry.toldNanos - known > 0) {
            known = entry.toldNanos;
        }
        boolean alive = entry != null && entry.record.alive(time.wallMillis());
        if (want != null) {
            if (strict || want.why() == Why.SHOWN || !alive) {
                // Of a key that others have written nobody says that it is absent.
                return null;
            }
            known = want.sinceNanos() - known < 0 ? want.sinceNanos() : known;
        }
        if (strict && whole.missed(coverage)) {
            return null;
        }
        Entry found = alive ? entry : null;
        Version asOf = entry == null ? whole.floor() : entry.version();
        long age = Math.max(0, time.nanos() - known);
        // What nobody vouches for, or is known to be outdated, is no hit, however young.
        if (age < ttlNanos && want == null && (entry == null || !entry.doubtful())) {
            counters.hits.increment();
            return answer(found, asOf, SURE, CacheStatus.HIT, age);
        }
        return old(namespace, copy, found, asOf, age);
    }

    private @Nullable NearAnswer old(
            Namespace namespace, PinnedCopy copy, @Nullable Entry found, Version asOf, long age) {
        switch (namespace.policy().onOutage()) {
            case OnOutage.Closed() -> {
                return null;
            }
            case OnOutage.Stale(var most) -> {
                if (age / 1_000_000 > most.toMillis()) {
                    return null;
                }
            }
            case OnOutage.Default(byte[] value) -> {
                if (found == null) {
                    counters.defaults.increment();
                    Freshness freshness = new Freshness("default", false, OLD.note());
                    return new NearAnswer(
                            new Answer.Found(Record.of(Version.NONE, value), freshness), CacheStatus.STALE, 0);
                }
            }
        }
        boolean asking = !copy.unanswered();
        (asking ? counters.updating : counters.stale).increment();
        return answer(found, asOf, OLD, asking ? CacheStatus.UPDATING : CacheStatus.STALE, age);
    }

    private static NearAnswer answer(
            @Nullable Entry found, Version asOf, Freshness freshness, CacheStatus status, long age) {
        Answer answer = found == null ? new Answer.Missing(asOf, freshness) : new Answer.Found(found.record, freshness);
        return new NearAnswer(answer, status, age / 1_000_000);
    }
}
