package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Verified heads of rows whose values stay in the database. A small record comes whole, and its checksum is looked at here. A large
 * one is hashed where it lies and compared with the digest that was stored beside it; here it is only checked that beginning,
 * length and end belong together.
 */
final class Heads {
    private static final int CHECKSUM_BYTES = 4;

    private Heads() {}

    /** What is stored beside an encoded record: the SHA-256 of namespace, key and record, for a large one; null for a small one. */
    static byte @Nullable [] digest(NamespaceId namespace, Key key, byte[] encoded) {
        if (encoded.length <= Statements.SMALL_BYTES) {
            return null;
        }
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(SqlNamespace.of(namespace));
            sha.update(key.bytes());
            return sha.digest(encoded);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * The head of the row that {@code row} stands on.
     *
     * @throws DamagedRecord when the record is not what was put, or the column {@code version} is not its version
     */
    static Head of(NamespaceId namespace, Key key, ResultSet row) throws SQLException, DamagedRecord {
        int size = row.getInt("size");
        byte[] beginning = row.getBytes("beginning");
        Head head;
        if (size <= Statements.SMALL_BYTES) {
            head = RecordFormat.head(namespace, key, beginning);
        } else {
            byte[] ending = row.getBytes("ending");
            if (!row.getBoolean("sound") || ending.length != CHECKSUM_BYTES) {
                throw new DamagedRecord("digest does not match");
            }
            head = RecordFormat.headOfVerified(
                    beginning, size, ByteBuffer.wrap(ending).getInt());
        }
        requireVersion(head.version(), row);
        return head;
    }

    /** @throws DamagedRecord when the column by which puts are decided says otherwise than the record */
    static void requireVersion(Version version, ResultSet row) throws SQLException, DamagedRecord {
        Version column = SqlVersion.parse(row.getLong("version"));
        if (!column.equals(version)) {
            throw new DamagedRecord("column version says " + column + ", the record " + version);
        }
    }
}
