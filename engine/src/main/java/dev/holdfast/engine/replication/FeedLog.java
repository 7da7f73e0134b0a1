package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.Entry;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.replication.ChangeLog.Change;
import dev.holdfast.engine.replication.ChangeLog.Position;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The feed on disk: an entry's key is its epoch and sequence, and its value the version, the key and the record, if that is told.
 * An epoch that ended in order has a mark behind its last entry, with the number of that. Epoch 0 holds what the log knows of
 * itself. Thread-safe.
 */
final class FeedLog {
    private static final byte[] FLOOR = key(new Position(0, 0));
    private static final byte[] EPOCH = key(new Position(0, 1));
    private static final byte[] FIRST = key(new Position(1, 0));
    private static final long MARK = Long.MAX_VALUE;

    private final LocalStore local;

    FeedLog(LocalStore local) {
        this.local = local;
    }

    /** The epoch of the last start; 0 for none. */
    long lastEpoch() throws LocalStoreFault {
        byte[] stored = local.get(Table.FEED, EPOCH);
        return stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
    }

    void keepEpoch(long epoch) throws LocalStoreFault {
        local.commit(new Batch().put(Table.FEED, EPOCH, number(epoch)));
    }

    /** What comes before it was deleted, or is not to be told. */
    Position floor() throws LocalStoreFault {
        byte[] stored = local.get(Table.FEED, FLOOR);
        return stored == null ? new Position(0, 0) : position(stored);
    }

    void put(Batch batch, FeedEntry entry) {
        batch.put(Table.FEED, key(entry.at()), value(entry.ref(), entry.version(), entry.record()));
    }

    /** The key alone is told. */
    void blank(FeedEntry entry) throws LocalStoreFault {
        local.commit(new Batch().put(Table.FEED, key(entry.at()), value(entry.ref(), entry.version(), null)));
    }

    void remove(FeedEntry entry) throws LocalStoreFault {
        local.commit(new Batch().delete(Table.FEED, key(entry.at())));
    }

    /** The epoch ended in order, with {@code last}. */
    void end(Position last, Position floor) throws LocalStoreFault {
        local.commit(new Batch()
                .put(Table.FEED, FLOOR, key(floor))
                .put(Table.FEED, key(new Position(last.epoch(), MARK)), number(last.sequence())));
    }

    /** Deletes what comes before {@code floor}. */
    void cut(Position floor) throws LocalStoreFault {
        local.commit(new Batch().put(Table.FEED, FLOOR, key(floor)));
        local.deleteRange(Table.FEED, FIRST, key(floor));
    }

    /** Whether there is an entry of such a namespace from before the epoch {@code present}. */
    boolean any(long present, Predicate<NamespaceId> wanted) throws LocalStoreFault {
        AtomicBoolean any = new AtomicBoolean();
        local.forEach(Table.FEED, FIRST, key(new Position(present, 0)), entry -> {
            if (position(entry.key()).sequence() != MARK && !any.get()) {
                any.set(wanted.test(change(entry).namespace()));
            }
        });
        return any.get();
    }

    /** The epoch of the oldest entry; {@code epoch} when that has none before. */
    long oldestEpoch(long epoch) throws LocalStoreFault {
        List<Entry> first = local.scan(Table.FEED, FIRST, key(new Position(epoch, 0)), 1);
        return first.isEmpty() ? epoch : position(first.getFirst().key()).epoch();
    }

    /** Changes of one epoch after {@code after} and up to {@code upTo}. */
    List<Change> page(Position after, Position upTo, int limit) throws LocalStoreFault {
        List<Change> found = new ArrayList<>();
        for (Entry entry : local.scan(Table.FEED, key(next(after)), key(next(upTo)), limit)) {
            found.add(change(entry));
        }
        return found;
    }

    /** All entries after {@code after} and before {@code end}, the marks of epochs that ended in order aside. */
    List<Change> unsettled(Position after, Position end, int limit) throws LocalStoreFault {
        List<Change> found = new ArrayList<>();
        for (Entry entry : local.scan(Table.FEED, key(next(after)), key(end), limit + 1)) {
            if (position(entry.key()).sequence() != MARK && found.size() < limit) {
                found.add(change(entry));
            }
        }
        return found;
    }

    /**
     * What came in earlier epochs.
     *
     * @param next up to here; the begin of the present epoch when all is told
     * @param broken whether nothing can be told from {@code next} on
     */
    record Earlier(List<Change> changes, Position next, boolean broken) {}

    /**
     * Changes after {@code after} from before the epoch {@code present}, through epochs that ended in order. Of another one nothing is
     * told, since an entry may be that of a write which never happened.
     */
    Earlier earlier(Position after, long present, int limit) throws LocalStoreFault {
        List<Change> found = new ArrayList<>();
        Position at = after;
        while (at.epoch() < present && found.size() < limit) {
            long last = lastOf(at.epoch());
            if (at.sequence() > last) {
                return new Earlier(found, at, true);
            }
            int wanted = limit - found.size();
            List<Change> page = page(at, new Position(at.epoch(), last), wanted);
            found.addAll(page);
            at = page.size() < wanted
                    ? new Position(at.epoch() + 1, 0)
                    : page.getLast().at();
        }
        return new Earlier(found, at, false);
    }

    /** The last number of an epoch; -1 when it did not end in order. */
    private long lastOf(long epoch) throws LocalStoreFault {
        byte[] mark = local.get(Table.FEED, key(new Position(epoch, MARK)));
        return mark == null ? -1 : ByteBuffer.wrap(mark).getLong();
    }

    private static Change change(Entry entry) {
        ByteBuffer in = ByteBuffer.wrap(entry.value());
        Version version = new Version(in.getLong());
        byte[] name = new byte[in.getShort()];
        in.get(name);
        KeyRef ref = KeyRef.parse(name, 0);
        Record record = null;
        if (in.hasRemaining()) {
            byte[] content = Arrays.copyOfRange(entry.value(), in.position(), entry.value().length);
            try {
                record = RecordFormat.decode(ref.namespace(), ref.key(), content);
            } catch (DamagedRecord e) {
                // The store knows it.
                record = null;
            }
        }
        return new Change(position(entry.key()), ref.namespace(), ref.key(), version, record);
    }

    private static byte[] value(KeyRef ref, Version version, @Nullable Record record) {
        byte[] name = ref.bytes();
        byte[] content = record == null ? new byte[0] : RecordFormat.encode(ref.namespace(), ref.key(), record);
        return ByteBuffer.allocate(Long.BYTES + Short.BYTES + name.length + content.length)
                .putLong(version.bits())
                .putShort((short) name.length)
                .put(name)
                .put(content)
                .array();
    }

    private static Position next(Position at) {
        return new Position(at.epoch(), at.sequence() + 1);
    }

    private static byte[] key(Position at) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(at.epoch())
                .putLong(at.sequence())
                .array();
    }

    private static Position position(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key);
        return new Position(in.getLong(), in.getLong());
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
