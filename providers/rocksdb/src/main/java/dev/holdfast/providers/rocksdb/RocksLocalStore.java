package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** The node's own durable state in one RocksDB, a column family for each table. Thread-safe. */
public final class RocksLocalStore implements LocalStore {
    private static final int META = 0;
    private static final List<String> FAMILIES = List.of(
            "default",
            "node",
            "hints",
            "feed",
            "catalogue",
            "quarantine",
            "cache",
            "cache-order",
            "pinned",
            "incidents");

    private final Place place;
    private final FailureDomain domain;
    private final Committer<Changes> committer;

    /** What becomes durable together. */
    private static final class Changes extends Work {
        final List<Batch.Change> changes;
        final @Nullable Range doomed;

        Changes(List<Batch.Change> changes) {
            super(bytes(changes));
            this.changes = changes;
            this.doomed = null;
        }

        Changes(Range doomed) {
            super(0);
            this.changes = List.of();
            this.doomed = doomed;
        }

        private static long bytes(List<Batch.Change> changes) {
            long bytes = 0;
            for (Batch.Change change : changes) {
                bytes += change.key().length + (change.value() == null ? 0 : change.value().length);
            }
            return bytes;
        }

        boolean puts() {
            return changes.stream().anyMatch(change -> change.value() != null);
        }
    }

    private record Range(Table table, byte[] from, byte[] to) {}

    private RocksLocalStore(Place place, String region, Time time) {
        this.place = place;
        this.domain = new Disk(place.directory()).failureDomain(region);
        this.committer = new Committer<>("commit-local", Changes.class, time, this::commitGroup);
    }

    /** Opens the store in the directory; empty when there is none. */
    public static Optional<RocksLocalStore> open(Path directory, String region, RocksSettings settings, Time time)
            throws LocalStoreFault {
        try {
            return Place.open(directory, FAMILIES, META, settings)
                    .map(place -> new RocksLocalStore(place, region, time));
        } catch (ProviderFault e) {
            throw fault(e);
        }
    }

    /** Makes an empty store in the directory. Whatever was in it is set aside. */
    public static RocksLocalStore create(Path directory, String region, RocksSettings settings, Time time)
            throws LocalStoreFault {
        HexFormat hex = HexFormat.of();
        String id = hex.toHexDigits(time.random().nextLong())
                + hex.toHexDigits(time.random().nextLong());
        try {
            return new RocksLocalStore(
                    Place.create(directory, FAMILIES, META, settings, new Identity(id, 1)), region, time);
        } catch (ProviderFault e) {
            throw fault(e);
        }
    }

    private static LocalStoreFault fault(ProviderFault e) {
        return new LocalStoreFault(String.valueOf(e.getMessage()), e.kind() == FaultKind.DISK_FULL, e);
    }

    private static int family(Table table) {
        return switch (table) {
            case NODE -> 1;
            case HINTS -> 2;
            case FEED -> 3;
            case CATALOGUE -> 4;
            case QUARANTINE -> 5;
            case CACHE -> 6;
            case CACHE_ORDER -> 7;
            case PINNED -> 8;
            case INCIDENTS -> 9;
        };
    }

    private void commitGroup(List<Changes> group) throws ProviderFault {
        place.unstick();
        List<Changes> allowed = place.roomFor(group, Changes::puts);
        Database in = place.enter();
        try (WriteBatch batch = new WriteBatch()) {
            for (Changes each : allowed) {
                fill(batch, in, each);
            }
            place.write(in, batch);
        } catch (RocksDBException e) {
            throw Faults.of("writing to", place.directory(), e);
        } finally {
            in.leave();
        }
    }

    private static void fill(WriteBatch batch, Database in, Changes each) throws RocksDBException {
        for (Batch.Change change : each.changes) {
            if (change.value() == null) {
                batch.delete(in.family(family(change.table())), change.key());
            } else {
                batch.put(in.family(family(change.table())), change.key(), change.value());
            }
        }
        if (each.doomed != null) {
            batch.deleteRange(in.family(family(each.doomed.table)), each.doomed.from, each.doomed.to);
        }
    }

    private void commit(Changes work) throws LocalStoreFault {
        try {
            committer.commit(work);
        } catch (ProviderFault e) {
            throw fault(e);
        }
    }

    @Override
    public Commit queue(Batch batch) {
        Changes work = new Changes(List.copyOf(batch.changes()));
        try {
            committer.queue(work);
        } catch (ProviderFault e) {
            return () -> {
                throw fault(e);
            };
        }
        return () -> {
            try {
                // What follows from a commit that may or may not happen yet could not be told from the disk.
                work.awaitWhateverComes();
            } catch (ProviderFault e) {
                throw fault(e);
            }
        };
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) throws LocalStoreFault {
        try {
            return place.get(family(table), key);
        } catch (ProviderFault e) {
            throw fault(e);
        }
    }

    @Override
    public List<Entry> scan(Table table, byte[] from, byte @Nullable [] to, int limit) throws LocalStoreFault {
        List<Entry> entries = new ArrayList<>();
        if (limit <= 0) {
            return entries;
        }
        try {
            place.scan(family(table), from, to, (key, value) -> {
                entries.add(new Entry(key, value));
                return entries.size() < limit;
            });
            return entries;
        } catch (ProviderFault e) {
            throw fault(e);
        }
    }

    @Override
    public void deleteRange(Table table, byte[] from, byte[] to) throws LocalStoreFault {
        if (Arrays.compareUnsigned(from, to) < 0) {
            commit(new Changes(new Range(table, from, to)));
        }
    }

    @Override
    public long freeBytes() {
        return place.freeBytes();
    }

    @Override
    public FailureDomain failureDomain() {
        return domain;
    }

    @Override
    public void close() {
        committer.close();
        place.close();
    }
}
