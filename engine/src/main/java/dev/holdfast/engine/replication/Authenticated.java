package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.DamagedRecord;
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
import dev.holdfast.engine.provider.RangeDigest;
import dev.holdfast.engine.provider.Reply;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.provider.Vitals;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider whose sealed records are looked at as they come: one that does not open under its key is damage like any other, even where the
 * checksum was made to match, and is told, outvoted and repaired as such. Thread-safe.
 */
final class Authenticated implements Provider {
    private static final Logger LOG = LoggerFactory.getLogger(Authenticated.class);

    private final Provider itself;
    private final Seals seals;

    private Authenticated(Provider itself, Seals seals) {
        this.itself = itself;
        this.seals = seals;
    }

    /** As it is for a node without keys, which could not tell. */
    static Provider of(Provider provider, Seals seals) {
        return seals.any() ? new Authenticated(provider, seals) : provider;
    }

    @Override
    public Lookup get(NamespaceId namespace, Key key) throws ProviderFault {
        Lookup found = itself.get(namespace, key);
        try {
            verify(namespace, key, found);
        } catch (DamagedRecord damage) {
            throw new ProviderFault(FaultKind.CORRUPT, "a sealed record is damaged: " + damage.getMessage());
        }
        return found;
    }

    private void verify(NamespaceId namespace, Key key, Lookup found) throws DamagedRecord {
        if (found instanceof Lookup.Present(Record record)) {
            seals.verify(new KeyRef(namespace, key), record);
        }
    }

    @Override
    public Map<Key, Lookup> getAll(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        Map<Key, Lookup> whole = new HashMap<>();
        itself.getAll(namespace, keys).forEach((key, found) -> {
            try {
                verify(namespace, key, found);
                whole.put(key, found);
            } catch (DamagedRecord damage) {
                LOG.warn("a sealed record at provider {} is damaged: {}", name(), damage.getMessage());
            }
        });
        return whole;
    }

    @Override
    public String name() {
        return itself.name();
    }

    @Override
    public FailureDomain failureDomain() {
        return itself.failureDomain();
    }

    @Override
    public boolean holdsThread() {
        return itself.holdsThread();
    }

    @Override
    public Optional<Identity> identity() throws ProviderFault {
        return itself.identity();
    }

    @Override
    public Identity initialise(Identity identity) throws ProviderFault {
        return itself.initialise(identity);
    }

    @Override
    public Vitals probe() throws ProviderFault {
        return itself.probe();
    }

    @Override
    public Put put(NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        return itself.put(namespace, key, record, vouched);
    }

    @Override
    public boolean queue(NamespaceId namespace, Key key, Record record, boolean vouched, Reply<Put> reply) {
        return itself.queue(namespace, key, record, vouched, reply);
    }

    @Override
    public Sighting sight(NamespaceId namespace, Key key) throws ProviderFault {
        return itself.sight(namespace, key);
    }

    @Override
    public Page scan(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) throws ProviderFault {
        return itself.scan(namespace, prefix, after, limit);
    }

    @Override
    public Map<Key, Put> putAll(NamespaceId namespace, SortedMap<Key, Record> records, boolean vouched)
            throws ProviderFault {
        return itself.putAll(namespace, records, vouched);
    }

    @Override
    public Page rows(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        return itself.rows(namespace, keys);
    }

    @Override
    public Duration mayTake() {
        return itself.mayTake();
    }

    @Override
    public Login login() {
        return itself.login();
    }

    @Override
    public int keysACall() {
        return itself.keysACall();
    }

    @Override
    public boolean digests() {
        return itself.digests();
    }

    @Override
    public RangeDigest digest(NamespaceId namespace, @Nullable Key after, @Nullable Key upTo, int most)
            throws ProviderFault {
        return itself.digest(namespace, after, upTo, most);
    }

    @Override
    public Version floor(NamespaceId namespace) throws ProviderFault {
        return itself.floor(namespace);
    }

    @Override
    public void raiseFloor(NamespaceId namespace, Version floor) throws ProviderFault {
        itself.raiseFloor(namespace, floor);
    }

    @Override
    public int collect(NamespaceId namespace, List<Exact> rows) throws ProviderFault {
        return itself.collect(namespace, rows);
    }

    @Override
    public void close() {
        itself.close();
    }
}
