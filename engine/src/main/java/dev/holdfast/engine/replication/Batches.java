package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.MergedScan.Merged;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers keys of one namespace that differ, in rising order, and has them levelled, a few batches side by side. Belongs to one thread.
 *
 * <p>Each provider that lacks something is given it as its {@link Ration} goes. One that joins has none: it serves nobody, so nobody is
 * hurt by what it is given, and what it has borne is nothing. It is held back by the room that its users' writes leave ({@link Bulkhead}),
 * and by the size of a batch, which shrinks when it is slow.
 */
final class Batches {
    /** What levelling a key asks of one that lacks it: a look, a record, and a look again. */
    private static final int LEVEL_CALLS = 3;

    private static final int SIDE_BY_SIDE = 4;
    /** Values of a batch are in memory, once for each provider. */
    private static final long MOST_BYTES = 4L * 1024 * 1024;
    /** What is taken for the size of a value that nobody can tell. */
    private static final long UNKNOWN_BYTES = 256L * 1024;

    private static final int MOST_YIELDS = 100;
    private static final long YIELD_NANOS = 10_000_000L;

    private final Time time;
    private final List<Member> compared;
    private final Levelling levelling;
    private final BatchSize size;
    private final NamespaceId namespace;
    private final Crew crew;
    private final Map<Member, Integer> lacking = new LinkedHashMap<>();
    private List<Merged> gathered = new ArrayList<>();
    private long bytes;
    private int most = Integer.MAX_VALUE;
    private long waited;

    Batches(Time time, List<Member> compared, Levelling levelling, BatchSize size, NamespaceId namespace) {
        this.time = time;
        this.compared = compared;
        this.levelling = levelling;
        this.size = size;
        this.namespace = namespace;
        this.crew = new Crew(time, "repair", SIDE_BY_SIDE);
    }

    void add(Merged merged) throws InterruptedException {
        gathered.add(merged);
        Head newest = merged.newest();
        bytes += newest == null ? UNKNOWN_BYTES : newest.valueBytes();
        for (Member member : compared) {
            Head held = merged.heads().get(member);
            if (held == null || newest == null || !held.sameAs(newest)) {
                lacking.merge(member, 1, Integer::sum);
                most = Math.min(most, mostFor(member));
            }
        }
        if (gathered.size() >= Math.min(most, size.keys()) || bytes >= MOST_BYTES) {
            send();
        }
    }

    /** Of how many keys it may be asked and given at once. */
    private static int mostFor(Member member) {
        if (member.joins()) {
            return Integer.MAX_VALUE;
        }
        long calls = member.ration.atOnce() / LEVEL_CALLS;
        return Math.clamp(calls * member.provider.keysACall(), 1, BatchSize.MOST);
    }

    /** Levels what has been gathered, and waits until all is. */
    void finish() throws InterruptedException {
        send();
        crew.finish();
    }

    /** For how long it has waited for turns, all in all: time in which nobody was asked for anything. */
    long waitedNanos() {
        return waited;
    }

    private void send() throws InterruptedException {
        if (gathered.isEmpty()) {
            return;
        }
        long began = time.nanos();
        awaitTurn();
        waited += time.nanos() - began;
        List<Merged> batch = gathered;
        gathered = new ArrayList<>();
        lacking.clear();
        bytes = 0;
        most = Integer.MAX_VALUE;
        crew.does(() -> {
            long levels = time.nanos();
            levelling.level(namespace, batch);
            size.ended(batch.size(), time.nanos() - levels, levelling.sound());
        });
    }

    /** Until all may be looked at, and those that lack something given it, and looked at once more. */
    private void awaitTurn() throws InterruptedException {
        for (Member member : compared) {
            awaitRoom(member);
            int keys = lacking.getOrDefault(member, 0);
            if (keys > 0 && !member.joins()) {
                member.ration.awaitAll(LEVEL_CALLS * member.calls(keys));
            }
        }
    }

    /** Users come first, though not for ever. */
    private void awaitRoom(Member member) throws InterruptedException {
        for (int i = 0; i < MOST_YIELDS && !member.bulkhead.room(member.underWay(), Policy.LAST_TIER); i++) {
            time.sleep(YIELD_NANOS);
        }
    }
}
