package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which place is worked with. Another one that has taken its position is worked with only once somebody has asked for the
 * identity, and so has been told. Thread-safe.
 */
final class Places {
    private static final Duration MAKING = Duration.ofSeconds(30);

    private final String name;
    private final CassandraSettings settings;
    private final Time time;
    private volatile @Nullable Place known;

    Places(String name, CassandraSettings settings, Time time) {
        this.name = name;
        this.settings = settings;
        this.time = time;
    }

    /** What is there now, which is worked with from now on. */
    Optional<Place> look(Cluster cluster) throws ProviderFault {
        Place there = read(cluster);
        if (there != null) {
            known = there;
        }
        return Optional.ofNullable(there);
    }

    /** The place that is worked with; null when none has been found yet. */
    @Nullable
    Place known() {
        return known;
    }

    /** The place that is worked with. */
    Place current(Cluster cluster) throws ProviderFault {
        Place now = known;
        return now != null ? now : look(cluster).orElseThrow(this::gone);
    }

    /** To be asked when nothing was found, which is also what a wiped or replaced place shows. */
    void requireThere(Cluster cluster, Place place) throws ProviderFault {
        if (!place.equals(read(cluster))) {
            throw gone();
        }
    }

    private ProviderFault gone() {
        return new ProviderFault(
                FaultKind.ROLLED_BACK,
                "the place of provider " + name + " is not there in keyspace " + settings.keyspace());
    }

    private @Nullable Place read(Cluster cluster) throws ProviderFault {
        Row row;
        try {
            row = cluster.run(cluster.tables.readPlace).one();
        } catch (ProviderFault e) {
            if (e.kind() == FaultKind.ROLLED_BACK) {
                return null;
            }
            throw e;
        }
        if (row == null) {
            return null;
        }
        String id = row.getString("id");
        UUID incarnation = row.getUuid("incarnation");
        int bucketBytes = row.getInt("bucket_bytes");
        if (row.getInt("format") != Place.FORMAT || id == null || incarnation == null || bucketBytes < 1) {
            throw new ProviderFault(
                    FaultKind.CORRUPT, "keyspace " + settings.keyspace() + " holds no place that is understood here");
        }
        return new Place(new Identity(id, row.getLong("generation")), incarnation, bucketBytes);
    }

    Place initialise(Cluster cluster, Identity identity) throws ProviderFault {
        Optional<Place> there = look(cluster);
        if (there.isPresent()) {
            return there.get();
        }
        if (cluster.rows(
                        "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?",
                        settings.keyspace())
                .isEmpty()) {
            make(cluster, cluster.tables.makeKeyspace(settings.replicas()));
        }
        for (Map.Entry<String, String> table : cluster.tables.makeTables().entrySet()) {
            // Also where there is one nothing could be made without the right to make tables.
            if (cluster.rows(
                            "SELECT table_name FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?",
                            settings.keyspace(),
                            table.getKey())
                    .isEmpty()) {
                make(cluster, table.getValue());
            }
        }
        // Of several only one is taken; which is it is what is read.
        UUID incarnation = new UUID(time.random().nextLong(), time.random().nextLong());
        cluster.run(
                cluster.tables.makePlace,
                Place.FORMAT,
                identity.id(),
                identity.generation(),
                incarnation,
                settings.bucketBytes());
        return look(cluster).orElseThrow(this::gone);
    }

    private static void make(Cluster cluster, String cql) throws ProviderFault {
        cluster.run(SimpleStatement.newInstance(cql).setTimeout(MAKING));
    }
}
