package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.Version;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The statements on the tables of a {@link Schema}. Each one also says which place it has read from, in the columns {@code id} and
 * {@code system}, and gives no row when there is none.
 */
final class Statements {
    /** Up to so many bytes a record is fetched and verified whole when only its head is wanted; its digest is null. */
    static final int SMALL_BYTES = 1024;

    private static final String HERE = "p.id, current_setting('holdfast.system', true) AS system";

    /**
     * What {@link Heads} needs of a row: all of a small record; of a large one its beginning and its end, and whether it is what
     * was stored. {@code xmin} changes whenever the row does.
     */
    private static final String HEAD = """
        r.key, r.version, octet_length(r.record) AS size, r.digest,
        CASE WHEN octet_length(r.record) <= 1024 THEN r.record
            ELSE substring(r.record for 26 + get_byte(substring(r.record from 21 for 2), 0) * 256
                + get_byte(substring(r.record from 21 for 2), 1)) END AS beginning,
        substring(r.record from octet_length(r.record) - 3) AS ending,
        octet_length(r.record) <= 1024 OR sha256(r.namespace || r.key || r.record) = r.digest AS sound,
        r.xmin::text AS xmin\
        """;

    final String place;
    final String vitals;
    final String highWater;
    final String makePlace;
    final String put;
    final String held;
    final String heldRecord;
    final String replace;
    final String get;
    final String getAll;
    final String rows;
    final String putAll;
    final String sight;
    final String floor;
    final String raiseFloor;
    final String collect;
    final String collectDamage;
    private final Schema schema;

    Statements(Schema schema) {
        this.schema = schema;
        String newest = "(SELECT greatest(p.high_water, (SELECT max(version) FROM @.records))) AS high_water";
        place = sql("SELECT " + HERE + ", p.generation, p.system_identifier, p.format FROM @.place p");
        vitals = sql("SELECT " + HERE + ", p.generation, p.system_identifier, p.format, " + newest + " FROM @.place p");
        highWater = sql("SELECT " + newest + " FROM @.place p");
        makePlace = sql("""
            INSERT INTO @.place (format, id, generation, system_identifier, high_water)
                VALUES (?, ?, ?, current_setting('holdfast.system'), ?)\
            """);
        put = sql("SELECT outcome, winner FROM @.put(?, ?, ?, ?, ?, ?, ?, ?, ?)");
        held = sql("SELECT " + HEAD + " FROM @.records r WHERE r.namespace = ? AND r.key = ?");
        heldRecord = sql("SELECT r.record FROM @.records r WHERE r.namespace = ? AND r.key = ? AND r.xmin = ?::xid");
        // The version that goes may be the newest there was, and its replacement an older one.
        replace = sql("""
            WITH put AS (
                UPDATE @.records r SET version = ?, digest = ?, record = ?
                    WHERE r.namespace = ? AND r.key = ? AND r.xmin = ?::xid RETURNING 1),
            kept AS (UPDATE @.place SET high_water = ? WHERE high_water < ? AND EXISTS (SELECT FROM put))
            SELECT count(*) FROM put\
            """);
        get = sql("SELECT " + HERE + """
            , f.floor, r.version, r.record FROM @.place p
            LEFT JOIN @.floors f ON f.namespace = ?
            LEFT JOIN @.records r ON r.namespace = ? AND r.key = ?\
            """);
        getAll = sql("SELECT " + HERE + """
            , f.floor, w.key AS wanted, r.version, r.record FROM @.place p
            LEFT JOIN @.floors f ON f.namespace = ?
            LEFT JOIN unnest(?::bytea[]) AS w(key) ON true
            LEFT JOIN @.records r ON r.namespace = ? AND r.key = w.key\
            """);
        rows = sql("SELECT " + HERE + ", page.* FROM @.place p LEFT JOIN (SELECT " + HEAD + """
             FROM @.records r WHERE r.namespace = ? AND r.key = ANY (?::bytea[])) page ON true ORDER BY page.key\
            """);
        // In the order in which they come, which is that of the keys: two that put the same ones never wait for each
        // other.
        putAll = sql("""
            SELECT w.key, put.outcome, put.winner
                FROM unnest(?::bytea[], ?::bigint[], ?::bytea[], ?::bytea[]) AS w(key, version, digest, record),
                LATERAL @.put(?, ?, ?, ?, w.key, w.version, w.digest, w.record, ?) put\
            """);
        sight = sql("SELECT " + HERE + """
            , f.floor, r.version, octet_length(r.record) AS size,
            CASE WHEN octet_length(r.record) <= 1024 THEN r.record ELSE substring(r.record for 12) END AS beginning
            FROM @.place p
            LEFT JOIN @.floors f ON f.namespace = ?
            LEFT JOIN @.records r ON r.namespace = ? AND r.key = ?\
            """);
        floor = sql("SELECT " + HERE + ", f.floor FROM @.place p LEFT JOIN @.floors f ON f.namespace = ?");
        raiseFloor = sql("SELECT @.raise_floor(?, ?, ?, ?)");
        collect = sql(collecting("(r.key, r.version) IN (SELECT * FROM unnest(?::bytea[], ?::bigint[]))"));
        collectDamage = sql(collecting("r.key = ? AND r.xmin = ?::xid"));
    }

    /** Deletes, and keeps the newest version that went. */
    private static String collecting(String which) {
        return """
            WITH gone AS (
                DELETE FROM @.records r WHERE r.namespace = ? AND %s
                    AND EXISTS (SELECT FROM @.place WHERE id = ?) RETURNING r.version),
            newest AS (SELECT max(version) AS version FROM gone),
            kept AS (
                UPDATE @.place p SET high_water = newest.version FROM newest WHERE p.high_water < newest.version)
            SELECT %s, (SELECT count(*) FROM gone) AS collected FROM @.place p\
            """.formatted(which, HERE);
    }

    /**
     * Rows after {@code after}, one more than the page may have; {@code there} is how many there are, of which those come that
     * begin within the page's bytes.
     *
     * @param inclusive whether the first bound belongs to it; the second one does not
     */
    String scan(boolean inclusive) {
        return sql("SELECT " + HERE + ", page.* FROM @.place p LEFT JOIN (SELECT r.there, " + HEAD
                + """
                 FROM (
                    SELECT c.*, count(*) OVER () AS there,
                        sum(octet_length(c.record)) OVER (ORDER BY c.key ROWS UNBOUNDED PRECEDING)
                            - octet_length(c.record) AS bytes_before
                    FROM (
                        SELECT r.xmin, r.version, r.namespace, r.key, r.digest, r.record FROM @.records r
                            WHERE r.namespace = ? AND r.key %s ? AND r.key < ? ORDER BY r.key LIMIT ?) c) r
                WHERE r.bytes_before < ?) page ON true ORDER BY page.key\
                """.formatted(inclusive ? ">=" : ">"));
    }

    /** Digests and cuts of ranges; see {@link RangeDigests}. */
    String sql(String template) {
        return schema.in(template);
    }

    /** The newest version that was ever put; null when there is no place. */
    @Nullable
    Version highWater(Connection session) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(highWater);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? SqlVersion.parse(row.getLong(1)) : null;
        }
    }
}
