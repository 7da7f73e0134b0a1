package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Put-if-newer. The function {@code put} of the schema decides whenever the row that is there is older or there is none. When it
 * is not older, the record in it is looked at, since only a whole one may refuse another: a damaged one is replaced by any put,
 * which is how it is repaired, and equal versions are settled by {@link Record#merge}. What was looked at is then replaced only if
 * it has not changed since.
 */
final class Puts {
    private static final int TRIES = 20;

    private final Statements statements;
    private final PostgresSettings settings;

    Puts(Statements statements, PostgresSettings settings) {
        this.statements = statements;
        this.settings = settings;
    }

    /** What to store, under which address. */
    private record Wanted(NamespaceId namespace, Key key, Record record, byte[] encoded, byte @Nullable [] digest) {
        static Wanted of(NamespaceId namespace, Key key, Record record) {
            byte[] encoded = RecordFormat.encode(namespace, key, record);
            return new Wanted(namespace, key, record, encoded, Heads.digest(namespace, key, encoded));
        }

        Version version() {
            return record.version();
        }

        Put stored() {
            return new Put(true, version());
        }
    }

    Put put(Connection connection, Seen place, NamespaceId namespace, Key key, Record record, boolean vouched)
            throws SQLException, ProviderFault {
        Wanted wanted = Wanted.of(namespace, key, record);
        for (int i = 0; i < TRIES; i++) {
            Put decided = decide(connection, place, wanted, vouched);
            if (decided == null) {
                decided = look(connection, wanted);
            }
            if (decided != null) {
                return decided;
            }
        }
        throw new ProviderFault(
                FaultKind.UNAVAILABLE,
                "key " + key + " in " + settings.where() + " changed each time it was looked at");
    }

    /** Puts several by one statement, and by itself each that has to be looked at. */
    Map<Key, Put> putAll(
            Connection connection, Seen place, NamespaceId namespace, SortedMap<Key, Record> records, boolean vouched)
            throws SQLException, ProviderFault {
        List<Wanted> all = new ArrayList<>();
        records.forEach((key, record) -> all.add(Wanted.of(namespace, key, record)));
        Map<Key, Put> done = new HashMap<>();
        try (PreparedStatement put = connection.prepareStatement(statements.putAll)) {
            put.setArray(1, SeveralKeys.array(connection, List.copyOf(records.keySet())));
            put.setArray(
                    2,
                    connection.createArrayOf(
                            "int8",
                            all.stream()
                                    .map(each -> SqlVersion.of(each.version()))
                                    .toArray(Long[]::new)));
            put.setArray(3, bytes(connection, all, Wanted::digest));
            put.setArray(4, bytes(connection, all, Wanted::encoded));
            put.setString(5, place.id());
            put.setString(6, place.system());
            put.setBoolean(7, settings.lax());
            put.setBytes(8, SqlNamespace.of(namespace));
            put.setBoolean(9, vouched);
            try (ResultSet row = put.executeQuery()) {
                while (row.next()) {
                    Key key = Key.of(row.getBytes("key"));
                    Version winner = SqlVersion.parse(row.getLong("winner"));
                    switch (row.getString("outcome")) {
                        case "stored" -> done.put(key, new Put(true, winner));
                        case "refused" -> done.put(key, new Put(false, winner));
                        default -> done.remove(key);
                    }
                }
            }
        }
        for (Map.Entry<Key, Record> each : records.entrySet()) {
            if (!done.containsKey(each.getKey())) {
                done.put(each.getKey(), put(connection, place, namespace, each.getKey(), each.getValue(), vouched));
            }
        }
        return done;
    }

    private static Array bytes(Connection connection, List<Wanted> all, Function<Wanted, byte @Nullable []> of)
            throws SQLException {
        return connection.createArrayOf("bytea", all.stream().map(of).toArray(byte[][]::new));
    }

    /** @return null when the key holds a version that is not older */
    private @Nullable Put decide(Connection connection, Seen place, Wanted wanted, boolean vouched)
            throws SQLException {
        try (PreparedStatement put = connection.prepareStatement(statements.put)) {
            put.setString(1, place.id());
            put.setString(2, place.system());
            put.setBoolean(3, settings.lax());
            put.setBytes(4, SqlNamespace.of(wanted.namespace));
            put.setBytes(5, wanted.key.bytes());
            put.setLong(6, SqlVersion.of(wanted.version()));
            put.setBytes(7, wanted.digest);
            put.setBytes(8, wanted.encoded);
            put.setBoolean(9, vouched);
            try (ResultSet row = put.executeQuery()) {
                row.next();
                return switch (row.getString("outcome")) {
                    case "stored" -> wanted.stored();
                    case "refused" -> new Put(false, SqlVersion.parse(row.getLong("winner")));
                    default -> null;
                };
            }
        }
    }

    /** @return null when it has changed meanwhile */
    private @Nullable Put look(Connection connection, Wanted wanted) throws SQLException {
        String xmin;
        boolean damaged = false;
        Version replaced = Version.NONE;
        try (PreparedStatement held = connection.prepareStatement(statements.held)) {
            held.setBytes(1, SqlNamespace.of(wanted.namespace));
            held.setBytes(2, wanted.key.bytes());
            try (ResultSet row = held.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                xmin = row.getString("xmin");
                try {
                    Head head = Heads.of(wanted.namespace, wanted.key, row);
                    if (head.version().newerThan(wanted.version())) {
                        return new Put(false, head.version());
                    }
                    if (wanted.version().newerThan(head.version())) {
                        return null;
                    }
                    if (same(row, wanted)) {
                        return wanted.stored();
                    }
                } catch (DamagedRecord e) {
                    damaged = true;
                    replaced = versionOfDamaged(row);
                }
            }
        }
        Record other = damaged ? null : whole(connection, wanted, xmin);
        if (other != null && Record.merge(other, wanted.record).equals(other)) {
            return new Put(other.equals(wanted.record), other.version());
        }
        return replace(connection, wanted, xmin, replaced) ? wanted.stored() : null;
    }

    private static boolean same(ResultSet row, Wanted wanted) throws SQLException {
        return wanted.digest != null
                ? Arrays.equals(row.getBytes("digest"), wanted.digest)
                : Arrays.equals(row.getBytes("beginning"), wanted.encoded);
    }

    /**
     * A version that was put once and counts for the high-water mark, though its record is damaged: what the column says, if the
     * record begins with the same. {@link Version#NONE} otherwise.
     */
    private static Version versionOfDamaged(ResultSet row) throws SQLException {
        byte[] beginning = row.getBytes("beginning");
        try {
            Version version = RecordFormat.peekVersion(beginning, beginning.length);
            Heads.requireVersion(version, row);
            return version;
        } catch (DamagedRecord e) {
            return Version.NONE;
        }
    }

    /** @return null when it is damaged or not there any more */
    private @Nullable Record whole(Connection connection, Wanted wanted, String xmin) throws SQLException {
        try (PreparedStatement record = connection.prepareStatement(statements.heldRecord)) {
            record.setBytes(1, SqlNamespace.of(wanted.namespace));
            record.setBytes(2, wanted.key.bytes());
            record.setString(3, xmin);
            try (ResultSet row = record.executeQuery()) {
                return row.next() ? RecordFormat.decode(wanted.namespace, wanted.key, row.getBytes("record")) : null;
            } catch (DamagedRecord e) {
                return null;
            }
        }
    }

    private boolean replace(Connection connection, Wanted wanted, String xmin, Version replaced) throws SQLException {
        try (PreparedStatement replace = connection.prepareStatement(statements.replace)) {
            replace.setLong(1, SqlVersion.of(wanted.version()));
            replace.setBytes(2, wanted.digest);
            replace.setBytes(3, wanted.encoded);
            replace.setBytes(4, SqlNamespace.of(wanted.namespace));
            replace.setBytes(5, wanted.key.bytes());
            replace.setString(6, xmin);
            replace.setLong(7, SqlVersion.of(replaced));
            replace.setLong(8, SqlVersion.of(replaced));
            try (ResultSet row = replace.executeQuery()) {
                row.next();
                return row.getInt(1) == 1;
            }
        }
    }
}
