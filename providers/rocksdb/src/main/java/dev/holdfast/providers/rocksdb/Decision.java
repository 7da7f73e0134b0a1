package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.Put;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;

/**
 * What one group of changes comes to, each seeing those before it: the one place where put-if-newer is decided. Fills a batch;
 * changes nothing until that is written.
 *
 * <p>A damaged record never makes a put be refused: any put replaces it, which is how it is repaired. Nor does the floor, which
 * is about keys that hold nothing: a live record may be older than the floor, and its repair has the same version.
 */
final class Decision {
    /** What a key holds within the group. */
    private sealed interface Held {
        record Nothing() implements Held {}

        record Damage() implements Held {}

        /** @param bytes null when only the beginning has been read yet */
        record Some(Version version, byte @Nullable [] bytes) implements Held {}
    }

    private record Address(NamespaceId namespace, Key key) {}

    private static final Held NOTHING = new Held.Nothing();
    private static final Held DAMAGE = new Held.Damage();

    private final Database db;
    private final Floors floors;
    private final WriteBatch batch;
    private final byte[] beginning = new byte[RecordFormat.PEEK_BYTES];
    private final Map<Address, Held> changed = new HashMap<>();
    private final Map<NamespaceId, Version> raised = new HashMap<>();
    private Version highest;

    Decision(Database db, Floors floors, Version highWater, WriteBatch batch) {
        this.db = db;
        this.floors = floors;
        this.batch = batch;
        this.highest = highWater;
    }

    /** The newest version that was ever put, this group included. */
    Version highest() {
        return highest;
    }

    Map<NamespaceId, Version> raised() {
        return raised;
    }

    void decide(Change change) throws RocksDBException {
        switch (change) {
            case Change.PutRecord put -> put.outcome = put(put);
            case Change.RaiseFloor raise -> raise(raise);
            case Change.Collect collect -> {
                collect.collected = 0;
                for (Exact row : collect.rows) {
                    collect.collected += collect(collect.namespace, row);
                }
            }
        }
    }

    private Put put(Change.PutRecord put) throws RocksDBException {
        Version version = put.record.version();
        Address address = new Address(put.namespace, put.key);
        switch (held(address, put.dataKey)) {
            case Held.Nothing nothing -> {
                Version floor = floor(put.namespace);
                if (!put.vouched && version.compareTo(floor) <= 0) {
                    return new Put(false, floor);
                }
            }
            case Held.Some some
            when some.version.compareTo(version) >= 0 -> {
                // Only a whole record may refuse another one; this is rare enough to read it all.
                Record present = whole(address, put.dataKey, some);
                if (present != null && Record.merge(present, put.record).equals(present)) {
                    return new Put(present.equals(put.record), present.version());
                }
            }
            case Held.Some older -> {}
            case Held.Damage damage -> {}
        }
        batch.put(db.family(RocksProvider.DATA), put.dataKey, put.encoded);
        changed.put(address, new Held.Some(version, put.encoded));
        highest = Version.newest(highest, version);
        return new Put(true, version);
    }

    private void raise(Change.RaiseFloor raise) throws RocksDBException {
        if (raise.floor.newerThan(floor(raise.namespace))) {
            batch.put(db.family(RocksProvider.META), Floors.metaKey(raise.namespace), Floors.bytes(raise.floor));
            raised.put(raise.namespace, raise.floor);
        }
    }

    private int collect(NamespaceId namespace, Exact row) throws RocksDBException {
        Address address = new Address(namespace, row.key());
        byte[] dataKey = DataKey.of(namespace, row.key().bytes());
        boolean doomed = switch (held(address, dataKey)) {
            case Held.Nothing nothing -> false;
            case Held.Damage damage -> row.version().equals(Version.NONE);
            case Held.Some some ->
                row.version().equals(Version.NONE)
                        ? whole(address, dataKey, some) == null
                        : some.version.equals(row.version());
        };
        if (!doomed) {
            return 0;
        }
        batch.delete(db.family(RocksProvider.DATA), dataKey);
        changed.put(address, NOTHING);
        return 1;
    }

    private Version floor(NamespaceId namespace) {
        Version here = raised.get(namespace);
        return here != null ? here : floors.of(namespace);
    }

    private Held held(Address address, byte[] dataKey) throws RocksDBException {
        Held here = changed.get(address);
        if (here != null) {
            return here;
        }
        try {
            int size = db.peek(RocksProvider.DATA, dataKey, beginning);
            return size < 0
                    ? NOTHING
                    : new Held.Some(RecordFormat.peekVersion(beginning, Math.min(size, beginning.length)), null);
        } catch (DamagedRecord e) {
            return DAMAGE;
        } catch (RocksDBException e) {
            return damage(e);
        }
    }

    private @Nullable Record whole(Address address, byte[] dataKey, Held.Some some) throws RocksDBException {
        try {
            byte[] bytes = some.bytes != null ? some.bytes : db.get(RocksProvider.DATA, dataKey);
            return bytes == null ? null : RecordFormat.decode(address.namespace, address.key, bytes);
        } catch (DamagedRecord e) {
            return null;
        } catch (RocksDBException e) {
            damage(e);
            return null;
        }
    }

    private static Held damage(RocksDBException e) throws RocksDBException {
        if (e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption) {
            return DAMAGE;
        }
        throw e;
    }
}
