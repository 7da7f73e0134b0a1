package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.ProviderFault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The deletion of rows that still hold exactly what the caller says. */
record Collection(NamespaceId namespace, List<Exact> rows, Statements statements, String where) {

    int on(Connection connection, Seen place) throws SQLException, ProviderFault {
        List<Exact> known = new ArrayList<>();
        int collected = 0;
        for (Exact row : rows) {
            if (row.version().equals(Version.NONE)) {
                collected += damaged(connection, place, row.key());
            } else {
                known.add(row);
            }
        }
        // Asked in any case, so that a place that is gone is not taken for one in which nothing was to be deleted.
        return collected + known(connection, place, known);
    }

    private int known(Connection connection, Seen place, List<Exact> known) throws SQLException, ProviderFault {
        byte[][] keys = known.stream().map(row -> row.key().bytes()).toArray(byte[][]::new);
        Long[] versions =
                known.stream().map(row -> SqlVersion.of(row.version())).toArray(Long[]::new);
        try (PreparedStatement collect = connection.prepareStatement(statements.collect)) {
            collect.setBytes(1, SqlNamespace.of(namespace));
            collect.setArray(2, connection.createArrayOf("bytea", keys));
            collect.setArray(3, connection.createArrayOf("int8", versions));
            collect.setString(4, place.id());
            return count(collect, place);
        }
    }

    private int damaged(Connection connection, Seen place, Key key) throws SQLException, ProviderFault {
        String xmin = xminOfDamaged(connection, key);
        if (xmin == null) {
            return 0;
        }
        try (PreparedStatement collect = connection.prepareStatement(statements.collectDamage)) {
            collect.setBytes(1, SqlNamespace.of(namespace));
            collect.setBytes(2, key.bytes());
            collect.setString(3, xmin);
            collect.setString(4, place.id());
            return count(collect, place);
        }
    }

    /** @return null when there is no row, or a whole one */
    private @Nullable String xminOfDamaged(Connection connection, Key key) throws SQLException {
        try (PreparedStatement held = connection.prepareStatement(statements.held)) {
            held.setBytes(1, SqlNamespace.of(namespace));
            held.setBytes(2, key.bytes());
            try (ResultSet row = held.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                try {
                    Head whole = Heads.of(namespace, key, row);
                    return whole.version().equals(Version.NONE) ? row.getString("xmin") : null;
                } catch (DamagedRecord e) {
                    return row.getString("xmin");
                }
            }
        }
    }

    private int count(PreparedStatement collect, Seen place) throws SQLException, ProviderFault {
        try (ResultSet row = collect.executeQuery()) {
            place.require(row, where);
            return row.getInt("collected");
        }
    }
}
