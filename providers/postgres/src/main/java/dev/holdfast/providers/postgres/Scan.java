package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of a scan. */
record Scan(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
    /** A page ends early after records of so many bytes, since large ones are hashed for it. */
    private static final long PAGE_BYTES = 32L * 1024 * 1024;

    Page on(Connection connection, Seen place, Statements statements, String where) throws SQLException, ProviderFault {
        boolean fromPrefix = after == null || Arrays.compareUnsigned(after.bytes(), prefix) < 0;
        try (PreparedStatement scan = connection.prepareStatement(statements.scan(fromPrefix))) {
            scan.setBytes(1, SqlNamespace.of(namespace));
            scan.setBytes(2, fromPrefix || after == null ? prefix : after.bytes());
            scan.setBytes(3, afterAll(prefix));
            // One more than the page holds, so that a full one knows whether it is the end.
            scan.setLong(4, limit + 1L);
            scan.setLong(5, PAGE_BYTES);
            try (ResultSet row = scan.executeQuery()) {
                place.require(row, where);
                return page(row);
            }
        }
    }

    private Page page(ResultSet row) throws SQLException {
        List<Row> rows = new ArrayList<>();
        List<Key> damaged = new ArrayList<>();
        long there = row.getLong("there");
        if (there > 0) {
            do {
                Key key = Key.of(row.getBytes("key"));
                try {
                    rows.add(new Row(key, Heads.of(namespace, key, row)));
                } catch (DamagedRecord e) {
                    damaged.add(key);
                }
            } while (rows.size() + damaged.size() < limit && row.next());
        }
        return new Page(rows, rows.size() + damaged.size() == there, damaged);
    }

    /** What comes after all keys that begin so. */
    private static byte[] afterAll(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xff) {
                byte[] after = Arrays.copyOf(prefix, i + 1);
                after[i]++;
                return after;
            }
        }
        return KeyRange.afterEveryKey();
    }
}
