package dev.holdfast.simulation.replay;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;

/** One provider behind a cache that forgets by TTL: Workers KV as it was on 12 June 2025. */
final class SingleArm implements Arm {
    static final NamespaceId NAMESPACE = new NamespaceId(7, 7);

    private final Provider provider;
    private final Cache cache;
    private final HybridClock clock;

    SingleArm(Time time, Provider provider, long ttlNanos) {
        this.provider = provider;
        this.cache = new Cache(time, ttlNanos);
        this.clock = clock(time);
    }

    /** One that never restarts needs no reservation. */
    static HybridClock clock(Time time) {
        return new HybridClock(time, 1, 0, 60_000, millis -> {});
    }

    /** The number of the write whose value is there; 0 for none. */
    static long read(Provider provider, int key) throws ProviderFault {
        return provider.get(NAMESPACE, Load.key(key)) instanceof Lookup.Present(Record record)
                ? Load.number(record.value())
                : 0;
    }

    @Override
    public void start() {
        Places.found(provider);
    }

    @Override
    public Answer get(int key) throws Failed {
        return cache.get(key, wanted -> {
            try {
                return read(provider, wanted);
            } catch (ProviderFault fault) {
                throw new Failed(String.valueOf(fault.getMessage()));
            }
        });
    }

    @Override
    public void put(int key, long number) throws Failed {
        try {
            provider.putIfNewer(NAMESPACE, Load.key(key), Record.of(clock.next(), Load.value(number)));
        } catch (ProviderFault fault) {
            throw new Failed(String.valueOf(fault.getMessage()));
        }
    }

    @Override
    public boolean settled() {
        return true;
    }
}
