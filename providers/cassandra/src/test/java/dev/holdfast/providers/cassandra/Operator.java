package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Whoever has a session of their own at the cluster, beside ours. */
final class Operator implements AutoCloseable {
    private final CqlSession session;

    Operator(Daemon daemon) {
        session = CqlSession.builder()
                .addContactPoint(daemon.address())
                .withLocalDatacenter("datacenter1")
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
                        .withDuration(DefaultDriverOption.METADATA_SCHEMA_WINDOW, Duration.ofMillis(50))
                        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
                        .build())
                .withAuthCredentials(Daemon.ADMIN.user(), Daemon.ADMIN.password())
                .build();
    }

    ResultSet run(String cql, Object... values) {
        return session.execute(session.prepare(cql).bind(values));
    }

    void dropKeyspace(String keyspace) {
        session.execute("DROP KEYSPACE IF EXISTS " + keyspace);
    }

    /** Forgets the place, which leaves all its data unreachable. */
    void forgetPlace(String keyspace) {
        Row there = session.execute("SELECT table_name FROM system_schema.tables WHERE keyspace_name = '" + keyspace
                        + "' AND table_name = 'place'")
                .one();
        if (there != null) {
            session.execute("DELETE FROM " + keyspace + ".place WHERE only = 0 IF EXISTS");
        }
    }

    /** Changes a column of a row, as whoever has cqlsh can. */
    void alter(String keyspace, NamespaceId namespace, Key key, String column, UnaryOperator<byte[]> change) {
        Row place = run("SELECT incarnation, bucket_bytes FROM " + keyspace + ".place")
                .one();
        UUID incarnation = place.getUuid("incarnation");
        byte[] name = key.bytes();
        ByteBuffer bucket = ByteBuffer.wrap(name, 0, Math.min(name.length, place.getInt("bucket_bytes")))
                .slice();
        String where = " WHERE incarnation = ? AND namespace = ? AND bucket = ? AND key = ?";
        ByteBuffer id = Blobs.of(namespace);
        Row row = run(
                        "SELECT " + column + " FROM " + keyspace + ".records" + where,
                        incarnation,
                        id,
                        bucket,
                        ByteBuffer.wrap(name))
                .one();
        byte[] altered = change.apply(Blobs.bytes(row.getByteBuffer(column)));
        run(
                "UPDATE " + keyspace + ".records SET " + column + " = ?" + where + " IF EXISTS",
                ByteBuffer.wrap(altered),
                incarnation,
                id,
                bucket,
                ByteBuffer.wrap(name));
    }

    /** A role that may do everything with data. */
    void make(CassandraSettings.Credentials role) {
        session.execute("CREATE ROLE " + role.user() + " WITH LOGIN = true AND PASSWORD = '" + role.password() + "'");
        session.execute("GRANT ALL PERMISSIONS ON ALL KEYSPACES TO " + role.user());
    }

    /** The parts of values in chunks that lie there for a key, of all writings together. */
    List<Integer> chunks(String keyspace, NamespaceId namespace, Key key) {
        List<Integer> parts = new ArrayList<>();
        for (Row row : chunkRows(keyspace, namespace, key)) {
            parts.add(row.getInt("part"));
        }
        return parts;
    }

    void loseChunk(String keyspace, NamespaceId namespace, Key key, int part) {
        for (Row row : chunkRows(keyspace, namespace, key)) {
            run(
                    "DELETE FROM " + keyspace + ".chunks WHERE incarnation = ? AND writing = ? AND part = ?",
                    row.getUuid("incarnation"),
                    row.getUuid("writing"),
                    part);
        }
    }

    private List<Row> chunkRows(String keyspace, NamespaceId namespace, Key key) {
        List<Row> found = new ArrayList<>();
        for (Row row :
                session.execute("SELECT incarnation, writing, part, namespace, key FROM " + keyspace + ".chunks")) {
            if (row.getByteBuffer("namespace").equals(Blobs.of(namespace))
                    && row.getByteBuffer("key").equals(ByteBuffer.wrap(key.bytes()))
                    && !row.isNull("part")) {
                found.add(row);
            }
        }
        return found;
    }

    @Override
    public void close() {
        session.close();
    }
}
