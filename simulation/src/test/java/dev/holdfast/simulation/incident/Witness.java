package dev.holdfast.simulation.incident;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.provider.RangeDigest;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.provider.Vitals;
import dev.holdfast.engine.replication.KeyRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sees what a provider answers before anybody judges it, and notes when the first answer contradicts what the provider has said before: a
 * call that fails, a record that is older than the one it has acknowledged, or is damaged or missing. Of a call that takes long it notes
 * when the call began, which is earlier than anybody can know.
 */
final class Witness implements Provider {
    private final FaultyProvider provider;
    private final LongSupplier clock;
    private final Map<KeyRef, Version> acknowledged = new HashMap<>();
    private Version newest = Version.NONE;
    private @Nullable Long contradictedAt;

    Witness(FaultyProvider provider, LongSupplier clock) {
        this.provider = provider;
        this.clock = clock;
    }

    FaultyProvider provider() {
        return provider;
    }

    /** When the first contradiction could be seen; null for not yet. */
    @Nullable
    Long contradictedAt() {
        return contradictedAt;
    }

    private void contradicted(long at) {
        if (contradictedAt == null && provider.current().isPresent()) {
            contradictedAt = at;
        }
    }

    /** A call to the provider. */
    private interface Call<T> {
        T run() throws ProviderFault;
    }

    private <T> T seen(Call<T> call) throws ProviderFault {
        if (provider.current()
                .filter(fault -> fault.mode() == FaultMode.BLACKHOLE || fault.mode() == FaultMode.SLOW)
                .isPresent()) {
            contradicted(clock.getAsLong());
        }
        try {
            return call.run();
        } catch (ProviderFault fault) {
            contradicted(clock.getAsLong());
            throw fault;
        }
    }

    private Version held(NamespaceId namespace, Key key) {
        return acknowledged.getOrDefault(new KeyRef(namespace, key), Version.NONE);
    }

    @Override
    public Put put(NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        Put put = seen(() -> provider.put(namespace, key, record, vouched));
        newest = Version.newest(newest, put.winner());
        acknowledged.merge(new KeyRef(namespace, key), put.winner(), Version::newest);
        return put;
    }

    @Override
    public Lookup get(NamespaceId namespace, Key key) throws ProviderFault {
        Version before = held(namespace, key);
        Lookup lookup = seen(() -> provider.get(namespace, key));
        judge(before, lookup.sighting());
        return lookup;
    }

    @Override
    public Sighting sight(NamespaceId namespace, Key key) throws ProviderFault {
        Version before = held(namespace, key);
        Sighting sighting = seen(() -> provider.sight(namespace, key));
        judge(before, sighting);
        return sighting;
    }

    @Override
    public RangeDigest digest(NamespaceId namespace, @Nullable Key after, @Nullable Key upTo, int most)
            throws ProviderFault {
        return seen(() -> provider.digest(namespace, after, upTo, most));
    }

    @Override
    public boolean digests() {
        return provider.digests();
    }

    private void judge(Version before, Sighting now) {
        if (before.newerThan(now.version())) {
            contradicted(clock.getAsLong());
        }
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public FailureDomain failureDomain() {
        return provider.failureDomain();
    }

    @Override
    public Optional<Identity> identity() throws ProviderFault {
        return seen(provider::identity);
    }

    @Override
    public Identity initialise(Identity identity) throws ProviderFault {
        return seen(() -> provider.initialise(identity));
    }

    @Override
    public Vitals probe() throws ProviderFault {
        Version before = newest;
        Vitals vitals = seen(provider::probe);
        if (before.newerThan(vitals.highWater())) {
            contradicted(clock.getAsLong());
        }
        return vitals;
    }

    @Override
    public Page scan(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) throws ProviderFault {
        return seen(() -> provider.scan(namespace, prefix, after, limit));
    }

    @Override
    public Version floor(NamespaceId namespace) throws ProviderFault {
        return seen(() -> provider.floor(namespace));
    }

    @Override
    public void raiseFloor(NamespaceId namespace, Version floor) throws ProviderFault {
        seen(() -> {
            provider.raiseFloor(namespace, floor);
            return floor;
        });
    }

    @Override
    public int collect(NamespaceId namespace, List<Exact> rows) throws ProviderFault {
        return seen(() -> provider.collect(namespace, rows));
    }

    @Override
    public void close() {}
}
