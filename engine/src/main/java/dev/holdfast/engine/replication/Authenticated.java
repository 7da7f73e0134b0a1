package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.provider.Reply;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.provider.Vitals;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A provider whose sealed records are looked at as they come: one that does not open under its key is damage like any other, even where the
 * checksum was made to match, and is told, outvoted and repaired as such. Thread-safe.
 */
final class Authenticated implements Provider {
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
        if (found instanceof Lookup.Present(Record record)) {
            try {
                seals.verify(new KeyRef(namespace, key), record);
            } catch (DamagedRecord damage) {
                throw new ProviderFault(FaultKind.CORRUPT, "a sealed record is damaged: " + damage.getMessage());
            }
        }
        return found;
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
