package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.time.Signal;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The changes that a node without providers hears of, told on: to edges before this edge, and to clients that watch. A change comes here
 * once it is in this node's cache, so whoever hears of it and then asks here is not given less. It lies in memory alone, and each run of
 * the node has a name of its own; who comes from before that, or lags further behind than there is room, is told of a gap.
 *
 * <p>All that is told here is all that there is as of when every feed was heard last, and not as of now: {@link #behindNanos}. Thread-safe.
 */
public final class Relay implements ChangeLog {
    private static final Key CATALOGUE = Key.of("catalogue/");
    private static final long EPOCH = 1;

    private final Time time;
    private final String node;
    private final long mostBytes;
    private final NavigableMap<Long, Line> lines = new ConcurrentSkipListMap<>();
    private final List<Source> sources = new CopyOnWriteArrayList<>();
    private final ReentrantLock appending = new ReentrantLock();
    private final Signal grown;
    private long bytes;
    /** All lines up to this one are here, or had to make room. */
    private volatile long newest;

    /** @param change null for a gap */
    private record Line(@Nullable Change change, String why) {
        private static final int OVERHEAD = 200;

        int bytes() {
            int carried = change == null || change.record() == null
                    ? 0
                    : change.record().value().length + change.record().metadata().length;
            return OVERHEAD + carried + (change == null ? 0 : change.key().bytes().length);
        }
    }

    /** One of the feeds that are heard. */
    class Source {
        private volatile long asOfNanos = time.nanos();
        private volatile Set<String> through = Set.of();

        void tell(Change change) {
            append(at ->
                    new Line(new Change(at, change.namespace(), change.key(), change.version(), change.record()), ""));
        }

        /** Changes may have been missed. */
        void gap(String why) {
            append(_ -> new Line(null, why));
        }

        /** All changes as of then have been told. */
        void heard(long asOf) {
            asOfNanos = asOf;
        }

        /** By way of these nodes. */
        void through(Set<String> nodes) {
            through = nodes;
        }
    }

    /** @param mostBytes for how much there is room, roughly */
    public Relay(Time time, long mostBytes) {
        this.time = time;
        this.node = "edge-" + HexFormat.of().toHexDigits(time.random().nextLong());
        this.mostBytes = mostBytes;
        this.grown = new Signal(time);
    }

    Source source() {
        Source source = new Source();
        sources.add(source);
        return source;
    }

    /** Namespaces or tokens are others than before, here too. */
    public void catalogueChanged() {
        append(at -> new Line(new Change(at, NamespaceId.SYSTEM, CATALOGUE, Version.NONE, null), ""));
    }

    private interface Made {
        Line at(Position at);
    }

    private void append(Made made) {
        appending.lock();
        try {
            long sequence = newest + 1;
            Line line = made.at(new Position(EPOCH, sequence));
            lines.put(sequence, line);
            bytes += line.bytes();
            newest = sequence;
            while (bytes > mostBytes) {
                bytes -= lines.pollFirstEntry().getValue().bytes();
            }
        } finally {
            appending.unlock();
        }
        grown.wake();
    }

    @Override
    public Position newest() {
        return new Position(EPOCH, newest);
    }

    @Override
    public Page read(Position after, int limit, long waitNanos) throws InterruptedException {
        long from = after.sequence();
        if (after.epoch() != EPOCH || from > newest) {
            return new Page.Gap(newest(), "the position is none of this node's");
        }
        grown.await(time.nanos() + waitNanos, () -> newest > from);
        // Before the lines: of one that comes now nobody says that it had to make room.
        long until = newest;
        List<Change> changes = new ArrayList<>();
        long next = from;
        for (Map.Entry<Long, Line> each : lines.subMap(from, false, until, true).entrySet()) {
            Change change = each.getValue().change();
            if (each.getKey() != next + 1 || changes.size() == limit || (change == null && !changes.isEmpty())) {
                break;
            }
            if (change == null) {
                return new Page.Gap(
                        new Position(EPOCH, next + 1), each.getValue().why());
            }
            changes.add(change);
            next++;
        }
        if (changes.isEmpty() && until > from) {
            return new Page.Gap(new Position(EPOCH, until), "what came next had to make room");
        }
        return new Page.Changes(changes, new Position(EPOCH, next));
    }

    @Override
    public long behindNanos() {
        long now = time.nanos();
        long behind = 0;
        for (Source source : sources) {
            behind = Math.max(behind, now - source.asOfNanos);
        }
        return behind;
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public Set<String> through() {
        Set<String> all = new HashSet<>();
        sources.forEach(source -> all.addAll(source.through));
        return all;
    }
}
