package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of an ordered scan, strictly rising by key.
 *
 * @param end whether there is nothing more after the last row
 * @param damaged keys within the stretch whose bytes are damaged; they are not among the rows
 */
public record Page(List<Row> rows, boolean end, List<Key> damaged) {
    public Page {
        rows = List.copyOf(rows);
        damaged = List.copyOf(damaged);
    }

    /** The last key of it, damaged ones included; null when it has none. */
    public @Nullable Key last() {
        Key row = rows.isEmpty() ? null : rows.getLast().key();
        Key bad = damaged.isEmpty() ? null : damaged.getLast();
        return row == null || (bad != null && bad.compareTo(row) > 0) ? bad : row;
    }
}
