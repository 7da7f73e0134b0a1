package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.ProviderFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * A database that knows whose it is and notices when it is no longer there. After a failed write RocksDB refuses all others;
 * the place then opens it anew, once there is room.
 *
 * <p>Reads from any thread; {@link #write} from the committer's only.
 */
final class Place implements AutoCloseable {
    private static final byte[] IDENTITY = "identity".getBytes(StandardCharsets.UTF_8);
    private static final String VANISHED = "is gone: the directory was deleted, moved or replaced";

    private final Marker marker;
    private final List<String> families;
    private final int meta;
    private final RocksSettings settings;
    private final Disk disk;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile Database db;
    private volatile boolean vanished;
    /** Whether the last write failed, so that RocksDB takes no more until it is opened anew. */
    private volatile boolean stuck;

    private boolean closed;

    private Place(Marker marker, List<String> families, int meta, RocksSettings settings, Database db) {
        this.marker = marker;
        this.families = families;
        this.meta = meta;
        this.settings = settings;
        this.disk = new Disk(marker.directory());
        this.db = db;
    }

    /**
     * Opens the place that is in the directory; empty when there is none.
     *
     * @param families column families; the one at {@code meta} says whose place it is
     */
    static Optional<Place> open(Path directory, List<String> families, int meta, RocksSettings settings)
            throws ProviderFault {
        try {
            Optional<Marker> found = Marker.read(directory);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Marker marker = found.get();
            Place place =
                    new Place(marker, families, meta, settings, new Database(directory, families, settings, false));
            try {
                place.requireOwn();
            } catch (ProviderFault e) {
                place.close();
                throw e;
            }
            return Optional.of(place);
        } catch (RocksDBException e) {
            throw Faults.of("opening", directory, e);
        } catch (IOException e) {
            throw Faults.of("opening", directory, e);
        }
    }

    /** Makes an empty place, whatever was in the directory being set aside. */
    static Place create(Path directory, List<String> families, int meta, RocksSettings settings, Identity identity)
            throws ProviderFault {
        try {
            Leftovers.setAside(directory);
            Database db = new Database(directory, families, settings, true);
            try (WriteBatch batch = new WriteBatch()) {
                batch.put(db.family(meta), IDENTITY, text(identity));
                db.write(batch);
                return new Place(Marker.write(directory, identity), families, meta, settings, db);
            } catch (RocksDBException | IOException e) {
                db.close();
                throw e;
            }
        } catch (RocksDBException e) {
            throw Faults.of("making", directory, e);
        } catch (IOException e) {
            throw Faults.of("making", directory, e);
        }
    }

    private static byte[] text(Identity identity) {
        return (identity.id() + " " + identity.generation()).getBytes(StandardCharsets.UTF_8);
    }

    private void requireOwn() throws ProviderFault {
        if (!Arrays.equals(get(meta, IDENTITY), text(marker.identity()))) {
            throw new ProviderFault(
                    FaultKind.CORRUPT,
                    "the file " + Marker.NAME + " in " + marker.directory()
                            + " belongs to another database than the one beside it");
        }
    }

    Identity identity() {
        return marker.identity();
    }

    Path directory() {
        return marker.directory();
    }

    long freeBytes() {
        return disk.freeBytes();
    }

    /** Looks at the disk, and fails from then on when the place is not there any more. */
    void requireThere() throws ProviderFault {
        try {
            vanished |= !marker.stillThere();
        } catch (IOException e) {
            throw Faults.of("looking at", marker.directory(), e);
        }
        requireNotVanished();
    }

    private void requireNotVanished() throws ProviderFault {
        if (vanished) {
            throw new ProviderFault(FaultKind.ROLLED_BACK, "the database in " + marker.directory() + " " + VANISHED);
        }
    }

    /** The open database, entered: {@link Database#leave} must follow. */
    Database enter() throws ProviderFault {
        requireNotVanished();
        while (true) {
            Database now = db;
            if (now.enter()) {
                return now;
            }
            opening.lock();
            try {
                if (now == db) {
                    throw new ProviderFault(
                            FaultKind.UNAVAILABLE, "the database in " + marker.directory() + " is not open");
                }
            } finally {
                opening.unlock();
            }
        }
    }

    byte @Nullable [] get(int family, byte[] key) throws ProviderFault {
        Database in = enter();
        try {
            return in.get(family, key);
        } catch (RocksDBException e) {
            throw Faults.of("reading from", marker.directory(), e);
        } finally {
            in.leave();
        }
    }

    /** See {@link Database#getAll}. */
    List<byte @Nullable []> getAll(int family, List<byte[]> keys) throws ProviderFault {
        Database in = enter();
        try {
            return in.getAll(family, keys);
        } catch (RocksDBException e) {
            throw Faults.of("reading from", marker.directory(), e);
        } finally {
            in.leave();
        }
    }

    /** See {@link Database#peek}. */
    int peek(int family, byte[] key, byte[] into) throws ProviderFault {
        Database in = enter();
        try {
            return in.peek(family, key, into);
        } catch (RocksDBException e) {
            throw Faults.of("reading from", marker.directory(), e);
        } finally {
            in.leave();
        }
    }

    /** See {@link Database#scan}. */
    boolean scan(int family, byte[] from, byte @Nullable [] to, Database.Visitor visitor) throws ProviderFault {
        Database in = enter();
        try {
            return in.scan(family, from, to, visitor);
        } catch (RocksDBException e) {
            throw Faults.of("scanning", marker.directory(), e);
        } finally {
            in.leave();
        }
    }

    /**
     * The works of a group that may be written: those that put something are refused when it would eat into the reserve, those
     * that make room are not.
     */
    <W extends Work> List<W> roomFor(List<W> group, Predicate<W> puts) {
        long bytes = 0;
        for (W each : group) {
            bytes += puts.test(each) ? (long) each.units() * Work.UNIT_BYTES : 0;
        }
        if (bytes == 0 || settings.reserveBytes() == 0 || disk.freeBytes() - bytes >= settings.reserveBytes()) {
            return group;
        }
        ProviderFault full = new ProviderFault(
                FaultKind.DISK_FULL,
                "less than the reserve of " + settings.reserveBytes() + " bytes would be left on the disk of "
                        + marker.directory());
        group.stream().filter(puts).forEach(each -> each.refuse(full));
        return group.stream().filter(puts.negate()).toList();
    }

    /** Opens the database anew if its last write failed and there is room; call before {@link #enter} for writing. */
    void unstick() throws ProviderFault {
        if (!stuck) {
            return;
        }
        if (disk.freeBytes() < Database.ROOM_TO_OPEN_BYTES) {
            throw new ProviderFault(
                    FaultKind.DISK_FULL,
                    "no room left on the disk of " + marker.directory() + "; writes go on when there are "
                            + Database.ROOM_TO_OPEN_BYTES + " bytes");
        }
        requireThere();
        opening.lock();
        try {
            if (closed) {
                return;
            }
            if (stuck) {
                db.close();
                db = new Database(marker.directory(), families, settings, false);
                stuck = false;
            }
        } catch (RocksDBException e) {
            throw Faults.of("opening", marker.directory(), e);
        } finally {
            opening.unlock();
        }
    }

    /** Writes durably, or fails; acknowledges nothing that went into files which are not there any more. */
    void write(Database in, WriteBatch batch) throws ProviderFault {
        try {
            in.write(batch);
        } catch (RocksDBException e) {
            stuck = true;
            throw Faults.of("writing to", marker.directory(), e);
        }
        requireThere();
    }

    @Override
    public void close() {
        opening.lock();
        try {
            if (!closed) {
                closed = true;
                db.close();
            }
        } finally {
            opening.unlock();
        }
    }
}
