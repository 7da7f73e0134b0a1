package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.server.backup.Runs.Sorted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Several sorted sequences as one that has of each key what is newest. Used by one thread. */
final class Merged implements Sorted {
    private final List<Sorted> all;
    private final PriorityQueue<Head> heads =
            new PriorityQueue<>(Comparator.comparing((Head head) -> head.line().key()));

    private record Head(Line line, Sorted of) {}

    Merged(List<Sorted> all) throws IOException {
        this.all = List.copyOf(all);
        for (Sorted each : all) {
            advance(each);
        }
    }

    private void advance(Sorted sorted) throws IOException {
        Line line = sorted.next();
        if (line != null) {
            heads.add(new Head(line, sorted));
        }
    }

    @Override
    public @Nullable Line next() throws IOException {
        Head first = heads.poll();
        if (first == null) {
            return null;
        }
        advance(first.of());
        Line newest = first.line();
        Key key = newest.key();
        for (Head same = heads.peek(); same != null && same.line().key().equals(key); same = heads.peek()) {
            heads.remove();
            advance(same.of());
            newest = newer(newest, same.line());
        }
        return newest;
    }

    private static Line newer(Line one, Line other) {
        int order = one.version().compareTo(other.version());
        return order > 0 || (order == 0 && one.record() != null) ? one : other;
    }

    @Override
    public void close() throws IOException {
        List<IOException> failed = new ArrayList<>();
        for (Sorted each : all) {
            try {
                each.close();
            } catch (IOException e) {
                failed.add(e);
            }
        }
        if (!failed.isEmpty()) {
            throw failed.getFirst();
        }
    }
}
