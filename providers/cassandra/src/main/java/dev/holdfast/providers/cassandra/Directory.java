package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.ProviderFault;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Which buckets a namespace has, and its floor. The floor is written twice: as wanted before it is raised in each bucket, and as the
 * floor afterwards. A bucket is entered here before it takes the wanted floor over as its own: so whoever raises the floor either
 * finds the bucket, or has told it before.
 */
final class Directory {
    /** Keys are UTF-8, in which no byte is as high. */
    static final ByteBuffer AFTER_ALL = ByteBuffer.wrap(new byte[] {-1}).asReadOnlyBuffer();

    private Directory() {}

    /**
     * @param wanted every bucket that is made from now on has at least this one
     * @param floor every bucket has at least this one
     */
    record Floors(Version wanted, Version floor) {}

    static Floors floors(Cluster cluster, Place place, NamespaceId namespace) throws ProviderFault {
        Row row = cluster.run(cluster.tables.readFloors, place.incarnation(), Blobs.of(namespace))
                .one();
        return row == null
                ? new Floors(Version.NONE, Version.NONE)
                : new Floors(
                        Blobs.version(row.getByteBuffer("floor_wanted")), Blobs.version(row.getByteBuffer("floor")));
    }

    /** The beginnings of buckets from one (inclusive) to another (exclusive), in order. */
    static List<ByteBuffer> buckets(Cluster cluster, Place place, NamespaceId namespace, ByteBuffer from, ByteBuffer to)
            throws ProviderFault {
        return cluster.rows(cluster.tables.readBuckets, place.incarnation(), Blobs.of(namespace), from, to).stream()
                .map(row -> ByteBuffer.wrap(Blobs.bytes(row.getByteBuffer("bucket"))))
                .toList();
    }

    /** @return the floor that the bucket has to be made with */
    static Version enter(Cluster cluster, Bucket bucket) throws ProviderFault {
        cluster.run(
                cluster.tables.enterBucket, bucket.place().incarnation(), Blobs.of(bucket.namespace()), bucket.start());
        return floors(cluster, bucket.place(), bucket.namespace()).wanted;
    }

    static void want(Cluster cluster, Place place, NamespaceId namespace, Version floor) throws ProviderFault {
        write(cluster, cluster.tables.wantFloor, place, namespace, floor);
    }

    static void raise(Cluster cluster, Place place, NamespaceId namespace, Version floor) throws ProviderFault {
        write(cluster, cluster.tables.setFloor, place, namespace, floor);
    }

    private static void write(Cluster cluster, String cql, Place place, NamespaceId namespace, Version floor)
            throws ProviderFault {
        cluster.run(cql, Blobs.timestamp(floor), Blobs.of(floor), place.incarnation(), Blobs.of(namespace));
    }
}
