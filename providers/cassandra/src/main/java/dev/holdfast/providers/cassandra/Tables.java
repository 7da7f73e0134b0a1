package dev.holdfast.providers.cassandra;

import java.util.Map;
import java.util.TreeMap;

/**
 * The tables of a keyspace, and the statements that use them. What each column holds: docs/on-provider-format.md.
 *
 * <p>Rows of {@code records} are written and deleted by conditional batches alone, whose timestamps Cassandra makes and which
 * rise with each one in a partition: so nothing that was deleted hides what is written later. The marks that only rise,
 * {@code high_water} and {@code buckets.floor}, are written without a condition at a timestamp that is the version itself.
 */
final class Tables {
    private static final String BUCKET = " WHERE incarnation = ? AND namespace = ? AND bucket = ?";
    private final String keyspace;

    final String readPlace;
    final String makePlace;
    final String readHighWater;
    final String raiseHighWater;
    final String readBuckets;
    final String readFloors;
    final String enterBucket;
    final String wantFloor;
    final String setFloor;
    final String readHeads;
    final String readRows;
    final String scan;
    final String setRevision;
    final String writeRow;
    final String deleteRow;
    final String readChunks;
    final String writeChunk;
    final String deleteChunks;

    Tables(String name) {
        // In quotes, since some names are words of the language.
        this.keyspace = '"' + name + '"';
        readPlace =
                "SELECT format, id, generation, incarnation, bucket_bytes FROM " + keyspace + ".place WHERE only = 0";
        makePlace = "INSERT INTO " + keyspace
                + ".place (only, format, id, generation, incarnation, bucket_bytes) VALUES (0, ?, ?, ?, ?, ?) IF NOT"
                + " EXISTS";
        readHighWater = "SELECT version FROM " + keyspace + ".high_water WHERE incarnation = ? AND slot = ?";
        raiseHighWater = "UPDATE " + keyspace
                + ".high_water USING TIMESTAMP ? SET version = ? WHERE incarnation = ? AND slot = ?";
        readBuckets = "SELECT bucket FROM " + keyspace
                + ".buckets WHERE incarnation = ? AND namespace = ? AND bucket >= ? AND bucket < ?";
        readFloors = "SELECT DISTINCT floor_wanted, floor FROM " + keyspace
                + ".buckets WHERE incarnation = ? AND namespace = ?";
        enterBucket = "INSERT INTO " + keyspace + ".buckets (incarnation, namespace, bucket) VALUES (?, ?, ?)";
        wantFloor = "UPDATE " + keyspace
                + ".buckets USING TIMESTAMP ? SET floor_wanted = ? WHERE incarnation = ? AND namespace = ?";
        setFloor = "UPDATE " + keyspace
                + ".buckets USING TIMESTAMP ? SET floor = ? WHERE incarnation = ? AND namespace = ?";
        String records = keyspace + ".records";
        readHeads =
                "SELECT key, revision, floor, head, seal, writing, chunks FROM " + records + BUCKET + " AND key IN ?";
        readRows = "SELECT key, revision, floor, head, seal, writing, chunks, tail FROM " + records + BUCKET
                + " AND key IN ?";
        scan = "SELECT key, head, seal FROM " + records + BUCKET + " AND key >= ? AND key < ? LIMIT ?";
        setRevision = "UPDATE " + records + " SET revision = ?, floor = ?" + BUCKET + " AND key = 0x IF revision = ?";
        writeRow = "INSERT INTO " + records
                + " (incarnation, namespace, bucket, key, head, seal, tail, writing, chunks) VALUES (?, ?, ?, ?, ?, ?,"
                + " ?, ?, ?)";
        deleteRow = "DELETE FROM " + records + BUCKET + " AND key = ?";
        readChunks = "SELECT part, bytes FROM " + keyspace + ".chunks WHERE incarnation = ? AND writing = ?";
        writeChunk = "INSERT INTO " + keyspace + ".chunks (incarnation, writing, part, namespace, key, version, bytes)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP 1";
        deleteChunks = "DELETE FROM " + keyspace + ".chunks USING TIMESTAMP 2 WHERE incarnation = ? AND writing = ?";
    }

    String makeKeyspace(Map<String, Integer> replicas) {
        StringBuilder strategy = new StringBuilder("'class': 'SimpleStrategy', 'replication_factor': 1");
        if (!replicas.isEmpty()) {
            strategy.setLength(0);
            strategy.append("'class': 'NetworkTopologyStrategy'");
            new TreeMap<>(replicas)
                    .forEach((datacenter, copies) -> strategy.append(", '")
                            .append(datacenter)
                            .append("': ")
                            .append(copies));
        }
        return "CREATE KEYSPACE IF NOT EXISTS " + keyspace + " WITH replication = {" + strategy + "}";
    }

    /** The statement that makes each table, by its name. */
    Map<String, String> makeTables() {
        Map<String, String> columns = new TreeMap<>();
        columns.put(
                "place",
                "only int PRIMARY KEY, format int, id text, generation bigint, incarnation uuid, bucket_bytes int");
        columns.put("high_water", "incarnation uuid, slot int, version blob, PRIMARY KEY ((incarnation, slot))");
        columns.put(
                "buckets",
                "incarnation uuid, namespace blob, bucket blob, floor_wanted blob STATIC, floor blob STATIC,"
                        + " PRIMARY KEY ((incarnation, namespace), bucket)");
        columns.put(
                "records",
                "incarnation uuid, namespace blob, bucket blob, key blob, revision bigint, floor blob, head blob,"
                        + " seal blob, tail blob, writing uuid, chunks int,"
                        + " PRIMARY KEY ((incarnation, namespace, bucket), key)");
        columns.put(
                "chunks",
                "incarnation uuid, writing uuid, part int, namespace blob STATIC, key blob STATIC, version blob STATIC,"
                        + " bytes blob, PRIMARY KEY ((incarnation, writing), part)");
        columns.replaceAll((table, of) -> "CREATE TABLE IF NOT EXISTS " + keyspace + "." + table + " (" + of + ")");
        return columns;
    }
}
