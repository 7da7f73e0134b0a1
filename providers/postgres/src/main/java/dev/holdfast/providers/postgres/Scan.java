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
        byte[] end = afterAll(prefix);
        try (PreparedStatement scan = connection.prepareStatement(statements.scan(fromPrefix, end != null))) {
            int at = 1;
            scan.setBytes(at++, SqlNamespace.of(namespace));
            scan.setBytes(at++, fromPrefix || after == null ? prefix : after.bytes());
            if (end != null) {
                scan.setBytes(at++, end);
            }
            // One more than the page holds, so that a full one knows whether it is the end.
            scan.setLong(at++, limit + 1L);
            scan.setLong(at, PAGE_BYTES);
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

    /** The first key after all that begin so; null when there is none. */
    static byte @Nullable [] afterAll(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xff) {
                byte[] after = Arrays.copyOf(prefix, i + 1);
                after[i]++;
                return after;
            }
        }
        return null;
    }
}
