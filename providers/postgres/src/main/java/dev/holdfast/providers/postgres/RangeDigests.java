package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.RangeDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Digests of ranges, computed where the rows are: of a million rows only three numbers come back. A record that has been damaged since
 * it was put adds one to the rows and nothing else, as far as the server can tell: of a large one it knows the hash; of a small one the
 * version, and that it begins as a record does, but not the checksum that it ends with. A scan verifies all.
 *
 * <p>A call reads all rows of its range within the timeout of a statement, so a large namespace is asked for in parts. Thread-safe.
 */
public final class RangeDigests {
    private static final String IN_RANGE = " r.namespace = ? AND r.key >= ? AND r.key < ?";

    private final PostgresProvider provider;
    private final String digest;
    private final String split;
    private final String where;

    RangeDigests(PostgresProvider provider, Statements statements, String where) {
        this.provider = provider;
        this.where = where;
        digest = statements.sql("""
            SELECT p.id, current_setting('holdfast.system', true) AS system, d.* FROM @.place p LEFT JOIN (
                SELECT count(*) AS rows,
                    coalesce(sum(('x' || encode(substring(h.hash for 8), 'hex'))::bit(64)::bigint), 0) AS high,
                    coalesce(sum(('x' || encode(substring(h.hash from 9 for 8), 'hex'))::bit(64)::bigint), 0) AS low
                FROM (
                    SELECT CASE WHEN octet_length(r.record) >= 30 AND substring(r.record for 2) = '\\x4846'::bytea
                            AND substring(r.record from 5 for 8) = r.bits
                            AND (octet_length(r.record) <= 1024
                                OR sha256(r.namespace || r.key || r.record) = r.digest)
                        THEN sha256(r.bits || substring(r.record from octet_length(r.record) - 3) || r.key) END AS hash
                    FROM (
                        SELECT r.namespace, r.key, r.digest, r.record,
                            int8send(r.version # (-9223372036854775808)::bigint) AS bits
                        FROM @.records r WHERE\
            """ + IN_RANGE + """
             ORDER BY r.key LIMIT ?) r) h) d ON true\
            """);
        split = statements.sql("""
            SELECT p.id, current_setting('holdfast.system', true) AS system, c.key FROM @.place p LEFT JOIN (
                SELECT DISTINCT ON (k.part) k.key FROM (
                    SELECT r.key, ntile(?) OVER (ORDER BY r.key) AS part FROM @.records r WHERE\
            """ + IN_RANGE + """
            ) k ORDER BY k.part, k.key) c ON true ORDER BY c.key\
            """);
    }

    /** Of all rows of a range as of one moment. */
    public RangeDigest digest(NamespaceId namespace, KeyRange range) throws ProviderFault {
        return digest(namespace, range, Long.MAX_VALUE);
    }

    /** Of the first rows of a range, so many at most, as of one moment. */
    RangeDigest digest(NamespaceId namespace, KeyRange range, long most) throws ProviderFault {
        return provider.reading((connection, place) -> {
            try (PreparedStatement statement = connection.prepareStatement(digest)) {
                bind(statement, 1, namespace, range);
                statement.setLong(4, most);
                try (ResultSet row = statement.executeQuery()) {
                    place.require(row, where);
                    return new RangeDigest(
                            row.getLong("rows"),
                            row.getBigDecimal("high").toBigInteger().longValue(),
                            row.getBigDecimal("low").toBigInteger().longValue());
                }
            }
        });
    }

    /**
     * Cuts a range into neighbouring ones of which each holds as many rows, give or take one.
     *
     * @param parts 1 or more
     * @return so many, or as many as there are rows; the range itself when it has none
     */
    public List<KeyRange> split(NamespaceId namespace, KeyRange range, int parts) throws ProviderFault {
        return provider.reading((connection, place) -> split(connection, place, namespace, range, parts));
    }

    private List<KeyRange> split(Connection connection, Seen place, NamespaceId namespace, KeyRange range, int parts)
            throws SQLException, ProviderFault {
        try (PreparedStatement statement = connection.prepareStatement(split)) {
            statement.setInt(1, parts);
            bind(statement, 2, namespace, range);
            try (ResultSet row = statement.executeQuery()) {
                place.require(row, where);
                List<KeyRange> ranges = new ArrayList<>();
                // The first one begins where the whole does, not at its first key.
                byte[] from = range.from();
                while (row.next()) {
                    byte[] key = row.getBytes("key");
                    ranges.add(new KeyRange(from, key));
                    from = key;
                }
                ranges.add(new KeyRange(from, range.to()));
                return ranges;
            }
        }
    }

    private static void bind(PreparedStatement statement, int first, NamespaceId namespace, KeyRange range)
            throws SQLException {
        statement.setBytes(first, SqlNamespace.of(namespace));
        statement.setBytes(first + 1, range.from());
        byte[] to = range.to();
        statement.setBytes(first + 2, to != null ? to : KeyRange.afterEveryKey());
    }
}
