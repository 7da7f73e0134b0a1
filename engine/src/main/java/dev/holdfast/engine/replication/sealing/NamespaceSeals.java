package dev.holdfast.engine.replication.sealing;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.replication.Seals;
import dev.holdfast.engine.replication.catalogue.Catalogue;
import dev.holdfast.engine.replication.catalogue.Catalogue.Entry;
import dev.holdfast.engine.replication.catalogue.Catalogue.NotKept;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Seals by the data keys that the catalogue has of each namespace, opened by the master keys of this node. Before it is given the
 * catalogue it knows of no sealed namespace. Thread-safe.
 */
public final class NamespaceSeals implements Seals {
    /** A key that nobody has is asked for again only after this. */
    private static final long AGAIN_NANOS = 1_000_000_000L;
    /** Who alters a record can have it name any key. */
    private static final int MOST_UNKNOWN = 10_000;

    private final MasterKeys masters;
    private final Time time;
    private final RandomGenerator secret;
    private final ConcurrentMap<KeyName, DataKey> open = new ConcurrentHashMap<>();
    private final ConcurrentMap<KeyName, Long> asked = new ConcurrentHashMap<>();
    /** Names of keys that there are not, in records that somebody has made up. */
    private final Set<KeyName> madeUp = ConcurrentHashMap.newKeySet();

    private final ConcurrentMap<NamespaceId, Using> using = new ConcurrentHashMap<>();
    private volatile @Nullable KeyRing ring;

    private record KeyName(NamespaceId namespace, long id) {}

    /** The key that an entry names, kept as long as the entry is the same, since every write asks. */
    private record Using(Entry entry, long id) {}

    /** @param secret makes new keys, so nobody may guess what it gives */
    public NamespaceSeals(MasterKeys masters, Time time, RandomGenerator secret) {
        this.masters = masters;
        this.time = time;
        this.secret = secret;
    }

    /** From now on what the catalogue says counts. */
    public void by(Catalogue catalogue) {
        ring = new KeyRing(catalogue);
    }

    @Override
    public boolean any() {
        return !masters.isEmpty();
    }

    @Override
    public boolean sealing(NamespaceId namespace) {
        return using(namespace) != null;
    }

    @Override
    public Set<NamespaceId> sealed() {
        KeyRing keys = ring;
        return keys == null ? Set.of() : keys.sealed();
    }

    private @Nullable Using using(NamespaceId namespace) {
        KeyRing keys = ring;
        if (keys == null || namespace.reserved()) {
            return null;
        }
        Optional<Entry> entry = keys.sealing(namespace);
        if (entry.isEmpty()) {
            return null;
        }
        Using known = using.get(namespace);
        if (known == null || !known.entry().equals(entry.get())) {
            known = new Using(entry.get(), KeyRing.current(entry.get()));
            using.put(namespace, known);
        }
        return known;
    }

    /** Whether others may have it sealed without this node's knowing. Where no node has a master key, none has. */
    private boolean mayBeSealed(NamespaceId namespace) {
        KeyRing keys = ring;
        return !masters.isEmpty() && keys != null && !namespace.reserved() && !keys.knows(namespace);
    }

    @Override
    public Record seal(KeyRef ref, Record record) throws KeyMissing {
        if (record.tombstone() || record.sealed()) {
            return record;
        }
        Using used = using(ref.namespace());
        if (used == null && mayBeSealed(ref.namespace())) {
            throw new KeyMissing(
                    "This node has not been given the whole catalogue yet, so it does not know whether namespace "
                            + ref.namespace()
                            + " is sealed. It is as soon as the providers can be asked for all of it.");
        }
        try {
            return used == null
                    ? record
                    : key(new KeyName(ref.namespace(), used.id())).seal(ref, record);
        } catch (DamagedRecord none) {
            throw new KeyMissing("Namespace " + ref.namespace() + " cannot be written to: " + none.getMessage() + ".");
        }
    }

    @Override
    public Record open(KeyRef ref, Record record) throws KeyMissing, DamagedRecord {
        return record.sealed() ? key(name(ref, record.value())).open(ref, record) : record;
    }

    @Override
    public Head open(KeyRef ref, Head head) throws KeyMissing, DamagedRecord {
        if (!head.sealed()) {
            return head;
        }
        // Without metadata there is nothing to open, and no word of which key it would take.
        return head.metadata().length == 0
                ? head.opened(head.metadata(), Math.max(0, head.valueBytes() - Box.OVERHEAD))
                : key(name(ref, head.metadata())).open(ref, head);
    }

    @Override
    public void verify(KeyRef ref, Record record) throws DamagedRecord {
        if (!record.sealed()) {
            return;
        }
        try {
            DataKey key = here(name(ref, record.value()));
            if (key != null) {
                key.open(ref, record);
            }
        } catch (KeyMissing unknown) {
            // Nothing can be said of the bytes.
            return;
        }
    }

    private static KeyName name(KeyRef ref, byte[] box) throws DamagedRecord {
        return new KeyName(ref.namespace(), Box.label(box).id());
    }

    /** Null when the catalogue of this node has no such key. */
    private @Nullable DataKey here(KeyName name) throws KeyMissing, DamagedRecord {
        DataKey known = open.get(name);
        KeyRing keys = ring;
        if (known != null || keys == null) {
            return known;
        }
        if (madeUp.contains(name)) {
            throw new DamagedRecord(noSuchKey(name));
        }
        Optional<WrappedKey> wrapped = keys.key(name.namespace(), name.id());
        return wrapped.isEmpty() ? null : opened(name, wrapped.get());
    }

    private DataKey opened(KeyName name, WrappedKey wrapped) throws KeyMissing {
        DataKey key = wrapped.unwrap(masters);
        open.put(name, key);
        return key;
    }

    private static String noSuchKey(KeyName name) {
        return "it names data key " + HexFormat.of().toHexDigits(name.id()) + ", and there is none";
    }

    private DataKey key(KeyName name) throws KeyMissing, DamagedRecord {
        DataKey known = here(name);
        if (known != null) {
            return known;
        }
        KeyRing keys = ring;
        long now = time.nanos();
        if (asked.size() >= MOST_UNKNOWN) {
            asked.clear();
        }
        Long before = asked.get(name);
        if (keys != null && (before == null || now - before >= AGAIN_NANOS)) {
            asked.put(name, now);
            Optional<WrappedKey> wrapped = keys.fetch(name.namespace(), name.id());
            if (wrapped.isPresent()) {
                return opened(name, wrapped.get());
            }
            if (keys.lacks(name.namespace(), name.id())) {
                if (madeUp.size() >= MOST_UNKNOWN) {
                    madeUp.clear();
                }
                madeUp.add(name);
                throw new DamagedRecord(noSuchKey(name));
            }
        }
        throw new KeyMissing("Data key " + HexFormat.of().toHexDigits(name.id()) + " of namespace " + name.namespace()
                + " is not known at this node, and no provider that answers has it in the catalogue.");
    }

    /** The master keys of this node. */
    public MasterKeys masters() {
        return masters;
    }

    /**
     * What is known of the keys of a namespace.
     *
     * @param current id of the data key that seals what is written
     * @param keys all, the newest last
     */
    public record View(String current, List<KeyView> keys) {}

    /** @param missing why it cannot be used at this node; empty when it can */
    public record KeyView(String id, int generation, String master, String masterId, long madeAt, String missing) {}

    /** Empty for a namespace that is not sealed. */
    public Optional<View> view(NamespaceId namespace) {
        KeyRing keys = ring;
        Using used = using(namespace);
        if (keys == null || used == null) {
            return Optional.empty();
        }
        List<KeyView> views = new ArrayList<>();
        keys.keys(namespace).stream()
                .sorted((a, b) -> Integer.compare(a.generation(), b.generation()))
                .forEach(key -> views.add(new KeyView(
                        key.idText(), key.generation(), key.master(), key.masterId(), key.madeAt(), missing(key))));
        return Optional.of(new View(HexFormat.of().toHexDigits(used.id()), views));
    }

    private String missing(WrappedKey key) {
        try {
            key.unwrap(masters);
            return "";
        } catch (KeyMissing missing) {
            return String.valueOf(missing.getMessage());
        }
    }

    /**
     * Has what is written to the namespace from now on sealed under a new data key. Nothing is sealed under it before its wrapped form is
     * durable at the providers.
     *
     * @param master name of the master key that wraps it
     * @throws NotKept when nothing has changed for want of that
     */
    public synchronized void begin(NamespaceId namespace, String master) throws KeyMissing, NotKept {
        KeyRing keys = required();
        MasterKeys.MasterKey wrapping = master(master);
        int generation = 1
                + keys.keys(namespace).stream()
                        .mapToInt(WrappedKey::generation)
                        .max()
                        .orElse(0);
        byte[] fresh = new byte[MasterKeys.BYTES];
        secret.nextBytes(fresh);
        WrappedKey key = WrappedKey.wrap(wrapping, namespace, generation, fresh, time.wallMillis());
        if (!keys.keep(key)) {
            throw new NotKept("No provider has taken the new data key, so it is not used. Try again later.");
        }
        keys.use(key);
    }

    /**
     * Takes it to the providers that the namespace is sealed, so that a node which is new learns of it with all the rest.
     *
     * @throws NotKept when none of them has taken it
     */
    public void spread(NamespaceId namespace) throws NotKept {
        if (!required().spread(namespace)) {
            throw new NotKept(
                    "No provider has taken word that the namespace is sealed, which this node goes by and others"
                            + " do not know. Try again later.");
        }
    }

    /** Wraps all data keys of a namespace under another master key. No record changes. */
    public synchronized void rewrap(NamespaceId namespace, String master) throws KeyMissing, NotKept {
        KeyRing keys = required();
        MasterKeys.MasterKey wrapping = master(master);
        List<WrappedKey> rewrapped = new ArrayList<>();
        for (WrappedKey key : keys.keys(namespace)) {
            rewrapped.add(key.rewrap(masters, wrapping));
        }
        for (WrappedKey key : rewrapped) {
            if (!keys.keep(key)) {
                throw new NotKept("No provider has taken data key " + key.idText()
                        + " as it is wrapped now. Keep the old master key and try again later.");
            }
        }
    }

    private MasterKeys.MasterKey master(String name) throws KeyMissing {
        return masters.named(name)
                .orElseThrow(() -> new KeyMissing("This node has no master key " + name + "; it has "
                        + (masters.isEmpty()
                                ? "none"
                                : String.join(", ", masters.ids().keySet()))
                        + ". Set encryption.keys." + name + " and start it again."));
    }

    private KeyRing required() {
        KeyRing keys = ring;
        if (keys == null) {
            throw new IllegalStateException("the catalogue is not known yet");
        }
        return keys;
    }
}
