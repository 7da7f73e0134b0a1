package dev.holdfast.engine.provider.large;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Login;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.provider.Reply;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.provider.Vitals;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider of two engines: heads and small values in one, values above a size in the other (DESIGN rule 17). What is decided is decided in the
 * first, by its put-if-newer. A large value is durable in the second before its head is written to the first, under a name that is never used
 * again, and is collected some time after no head refers to it. So a home holds a record when it has both, and a crash between the two leaves
 * nothing but a blob to be collected.
 *
 * <p>A blob that is missing or altered is damage of its key, which a put of the record from another home repairs. The second engine being away
 * fails what needs it. Its absences say nothing to anybody, so a place that is gone there is made anew.
 */
public final class LargeValues implements Provider {
    private static final Logger LOG = LoggerFactory.getLogger(LargeValues.class);
    /** Of all blobs, at the engine that has nothing but these. */
    static final NamespaceId BLOBS = new NamespaceId(0, 2);
    /** The head may change while its blob is looked for. */
    private static final int TRIES = 3;

    private static final int RANDOM_BITS = 16;

    private final Provider heads;
    private final Provider blobs;
    private final int over;
    private final Time time;
    private final Thread collecting;

    /**
     * Both are closed with it.
     *
     * @param over values of more bytes than this are put away
     * @param grace how long a blob that no head refers to stays at least; longer than any put takes
     */
    public LargeValues(Provider heads, Provider blobs, int over, Duration grace, Time time) {
        this.heads = heads;
        this.blobs = blobs;
        this.over = over;
        this.time = time;
        this.collecting =
                Background.start(time, "blobs-" + heads.name(), new Orphans(heads, blobs, time, grace.toNanos())::step);
    }

    @Override
    public String name() {
        return heads.name();
    }

    @Override
    public FailureDomain failureDomain() {
        return heads.failureDomain();
    }

    @Override
    public boolean holdsThread() {
        return heads.holdsThread() || blobs.holdsThread();
    }

    @Override
    public Login login() {
        return heads.login().beside(blobs.login());
    }

    @Override
    public Duration mayTake() {
        Duration first = heads.mayTake();
        Duration second = blobs.mayTake();
        return first.compareTo(second) > 0 ? first : second;
    }

    @Override
    public Optional<Identity> identity() throws ProviderFault {
        return heads.identity();
    }

    @Override
    public Identity initialise(Identity identity) throws ProviderFault {
        blobs.initialise(identity);
        return heads.initialise(identity);
    }

    @Override
    public Vitals probe() throws ProviderFault {
        return heads.probe();
    }

    @Override
    public Put put(NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        boolean large = large(record);
        if (large || record.metadata().length > 0) {
            Put refused = refused(namespace, key, record, vouched);
            if (refused != null) {
                return refused;
            }
        }
        Record held = large ? putAway(namespace, key, record) : record;
        Put put = heads.put(namespace, key, held, vouched);
        return put.stored() || !put.winner().equals(record.version()) ? put : settled(namespace, key, record, held);
    }

    /** What is in the way of a put anyway, before a large value is written in vain; null for nothing. */
    private @Nullable Put refused(NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        Sighting there;
        try {
            there = heads.sight(namespace, key);
        } catch (ProviderFault fault) {
            if (fault.kind() == FaultKind.CORRUPT) {
                return null;
            }
            throw fault;
        }
        int order = there.version().compareTo(record.version());
        if (there.present() ? order > 0 : order >= 0 && !vouched) {
            return new Put(false, there.version());
        }
        return there.present() && order == 0 && stays(namespace, key, record) ? new Put(false, there.version()) : null;
    }

    /** Of equal versions with different content, whose order the stand-ins do not show, whether the one that is there stays. */
    private boolean stays(NamespaceId namespace, Key key, Record record) throws ProviderFault {
        Record there = whole(namespace, key);
        return there != null
                && !there.equals(record)
                && Record.merge(there, record).equals(there);
    }

    /** The first engine keeps another stand-in of the same version, unless it is its floor that is of this version. */
    private Put settled(NamespaceId namespace, Key key, Record record, Record held) throws ProviderFault {
        Sighting kept = heads.sight(namespace, key);
        if (!kept.present() || !kept.version().equals(record.version())) {
            return new Put(false, kept.version());
        }
        Record there = whole(namespace, key);
        if (record.equals(there)) {
            return new Put(true, record.version());
        }
        if (there != null && Record.merge(there, record).equals(there)) {
            return new Put(false, there.version());
        }
        // Only a fault makes equal versions, or a clock that stepped back beneath a repair. Another home has it
        // meanwhile.
        heads.collect(namespace, List.of(new Exact(key, record.version())));
        return heads.put(namespace, key, held, true);
    }

    /** @return null for nothing, and for damage */
    private @Nullable Record whole(NamespaceId namespace, Key key) throws ProviderFault {
        try {
            return get(namespace, key) instanceof Lookup.Present(Record record) ? record : null;
        } catch (ProviderFault fault) {
            if (fault.kind() == FaultKind.CORRUPT) {
                return null;
            }
            throw fault;
        }
    }

    private boolean large(Record record) {
        return !record.tombstone() && (record.value().length > over || Reference.begins(record.metadata()));
    }

    /** @return what stands for the record, its value being durable */
    private Record putAway(NamespaceId namespace, Key key, Record record) throws ProviderFault {
        long writing = time.wallMillis() << RANDOM_BITS | time.random().nextInt(1 << RANDOM_BITS);
        Reference reference = Reference.to(namespace, key, record, writing);
        Key name = reference.blob(namespace, key, record.version());
        Record blob = Record.of(record.version(), Record.NEVER, Reference.owner(namespace, key), record.value());
        Put put;
        try {
            put = blobs.restore(BLOBS, name, blob);
        } catch (ProviderFault fault) {
            if (fault.kind() != FaultKind.ROLLED_BACK) {
                throw fault;
            }
            Optional<Identity> identity = heads.identity();
            if (identity.isEmpty()) {
                throw fault;
            }
            LOG.warn(
                    "provider {}: there is no place for large values, so one is made; what was there is damage until"
                            + " it is repaired (holdfast scrub)",
                    name());
            blobs.initialise(identity.get());
            put = blobs.restore(BLOBS, name, blob);
        }
        if (!put.stored()) {
            throw new ProviderFault(
                    FaultKind.UNAVAILABLE, "a large value was not taken, as if there were another " + name);
        }
        return reference.standIn(record);
    }

    /** Only what cannot meet a stand-in that it would wrongly win over: metadata order before the mark, or there are none. */
    @Override
    public boolean queue(NamespaceId namespace, Key key, Record record, boolean vouched, Reply<Put> reply) {
        return !large(record) && record.metadata().length == 0 && heads.queue(namespace, key, record, vouched, reply);
    }

    @Override
    public Lookup get(NamespaceId namespace, Key key) throws ProviderFault {
        Record before = null;
        for (int i = 0; i < TRIES; i++) {
            Lookup lookup = heads.get(namespace, key);
            if (!(lookup instanceof Lookup.Present(Record held))) {
                return lookup;
            }
            Reference reference = Reference.read(held.metadata());
            if (reference == null) {
                return lookup;
            }
            if (held.equals(before)) {
                break;
            }
            before = held;
            Record whole = whole(namespace, key, held, reference);
            if (whole != null) {
                return new Lookup.Present(whole);
            }
        }
        throw new ProviderFault(FaultKind.CORRUPT, "the large value of a key is not where its head says");
    }

    /** @return null when there is no such blob */
    private @Nullable Record whole(NamespaceId namespace, Key key, Record held, Reference reference)
            throws ProviderFault {
        Lookup blob;
        try {
            blob = blobs.get(BLOBS, reference.blob(namespace, key, held.version()));
        } catch (ProviderFault fault) {
            if (fault.kind() == FaultKind.ROLLED_BACK) {
                return null;
            }
            throw fault;
        }
        if (!(blob instanceof Lookup.Present(Record there))) {
            return null;
        }
        Record whole = reference.whole(held, there.value());
        if (Reference.to(namespace, key, whole, reference.writing()).checksum() != reference.checksum()) {
            throw new ProviderFault(FaultKind.CORRUPT, "a large value is not the one that was written");
        }
        return whole;
    }

    @Override
    public Sighting sight(NamespaceId namespace, Key key) throws ProviderFault {
        return heads.sight(namespace, key);
    }

    @Override
    public Page scan(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) throws ProviderFault {
        Page page = heads.scan(namespace, prefix, after, limit);
        return new Page(page.rows().stream().map(LargeValues::shown).toList(), page.end(), page.damaged());
    }

    private static Row shown(Row row) {
        Reference reference = Reference.read(row.head().metadata());
        return reference == null ? row : new Row(row.key(), reference.head(row.head()));
    }

    @Override
    public Version floor(NamespaceId namespace) throws ProviderFault {
        return heads.floor(namespace);
    }

    @Override
    public void raiseFloor(NamespaceId namespace, Version floor) throws ProviderFault {
        heads.raiseFloor(namespace, floor);
    }

    /** Its blobs are collected later, once nothing refers to them. */
    @Override
    public int collect(NamespaceId namespace, List<Exact> rows) throws ProviderFault {
        return heads.collect(namespace, rows);
    }

    @Override
    public void close() {
        Background.end(collecting);
        try {
            heads.close();
        } finally {
            blobs.close();
        }
    }
}
