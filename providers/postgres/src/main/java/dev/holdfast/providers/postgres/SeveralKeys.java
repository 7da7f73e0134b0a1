package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Row;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads of several keys by one statement. */
final class SeveralKeys {
    private SeveralKeys() {}

    static Array array(Connection connection, List<Key> keys) throws SQLException {
        return connection.createArrayOf("bytea", keys.stream().map(Key::bytes).toArray(byte[][]::new));
    }

    /** What the place holds of each; one whose record is damaged is not among them. */
    static Map<Key, Lookup> lookups(
            Connection connection,
            Seen place,
            Statements statements,
            String where,
            NamespaceId namespace,
            List<Key> keys)
            throws SQLException, ProviderFault {
        byte[] id = SqlNamespace.of(namespace);
        Map<Key, Lookup> found = new HashMap<>();
        try (PreparedStatement get = connection.prepareStatement(statements.getAll)) {
            get.setBytes(1, id);
            get.setArray(2, array(connection, keys));
            get.setBytes(3, id);
            try (ResultSet row = get.executeQuery()) {
                place.require(row, where);
                do {
                    byte[] name = row.getBytes("wanted");
                    if (name != null) {
                        add(found, namespace, Key.of(name), row);
                    }
                } while (row.next());
            }
        }
        return found;
    }

    private static void add(Map<Key, Lookup> found, NamespaceId namespace, Key key, ResultSet row) throws SQLException {
        byte[] bytes = row.getBytes("record");
        if (bytes == null) {
            long floor = row.getLong("floor");
            found.put(key, new Lookup.Missing(row.wasNull() ? Version.NONE : SqlVersion.parse(floor)));
            return;
        }
        try {
            Record record = RecordFormat.decode(namespace, key, bytes);
            Heads.requireVersion(record.version(), row);
            found.put(key, new Lookup.Present(record));
        } catch (DamagedRecord e) {
            found.remove(key);
        }
    }

    /** The rows that there are of them, as a scan shows them. */
    static Page rows(
            Connection connection,
            Seen place,
            Statements statements,
            String where,
            NamespaceId namespace,
            List<Key> keys)
            throws SQLException, ProviderFault {
        List<Row> rows = new ArrayList<>();
        List<Key> damaged = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(statements.rows)) {
            select.setBytes(1, SqlNamespace.of(namespace));
            select.setArray(2, array(connection, keys));
            try (ResultSet row = select.executeQuery()) {
                place.require(row, where);
                do {
                    byte[] name = row.getBytes("key");
                    if (name != null) {
                        Key key = Key.of(name);
                        try {
                            rows.add(new Row(key, Heads.of(namespace, key, row)));
                        } catch (DamagedRecord e) {
                            damaged.add(key);
                        }
                    }
                } while (row.next());
            }
        }
        return new Page(rows, true, damaged);
    }
}
