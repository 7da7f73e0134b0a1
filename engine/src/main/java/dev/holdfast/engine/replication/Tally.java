package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what one comparison pass comes to, and adds it to the counts since start. Thread-safe. */
final class Tally {
    private final Time time;
    private final Counters total;
    private final List<String> providers;
    private final long begunAt;
    private final LongAdder compared = new LongAdder();
    private final LongAdder divergent = new LongAdder();
    private final LongAdder repaired = new LongAdder();
    private final LongAdder asked = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private volatile boolean complete;
    private volatile long endedAt;

    Tally(Time time, Counters total, List<Member> members) {
        this.time = time;
        this.total = total;
        this.providers = members.stream().map(Member::name).toList();
        this.begunAt = time.wallMillis();
    }

    void compared(NamespaceId namespace, long keys) {
        total.compared.add(keys);
        if (!namespace.equals(NamespaceId.SYSTEM)) {
            compared.add(keys);
        }
    }

    /** So much was asked for in the search for differences, and came. */
    void asked(long requests, long bytes) {
        asked.add(requests);
        bytesRead.add(bytes);
    }

    void divergent(NamespaceId namespace) {
        total.divergent.increment();
        count(divergent, namespace);
    }

    /** The key holds the same everywhere again; the records put for that are counted where they are put. */
    void repaired(NamespaceId namespace) {
        count(repaired, namespace);
    }

    private static void count(LongAdder counter, NamespaceId namespace) {
        if (!namespace.equals(NamespaceId.SYSTEM)) {
            counter.increment();
        }
    }

    /** @param whole whether every key was seen and no difference left */
    void end(boolean whole) {
        complete = whole;
        endedAt = time.wallMillis();
    }

    ComparisonPass view() {
        long ended = endedAt;
        return new ComparisonPass(
                providers,
                compared.sum(),
                divergent.sum(),
                repaired.sum(),
                asked.sum(),
                bytesRead.sum(),
                begunAt,
                ended,
                ended > 0 && complete);
    }
}
