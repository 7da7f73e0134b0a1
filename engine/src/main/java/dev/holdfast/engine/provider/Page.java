package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.Key;
import java.util.List;

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
}
