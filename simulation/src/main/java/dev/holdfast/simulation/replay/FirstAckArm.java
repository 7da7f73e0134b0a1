package dev.holdfast.simulation.replay;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Signal;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Two providers behind a cache that forgets by TTL. A write goes to both and is acknowledged on the first; a read asks both and the
 * first answer wins. Keys of which one side missed a write are repaired in rounds: as the rebuilt Workers KV was described in August
 * 2025. The list of those keys is never lost here, which flatters it.
 */
final class FirstAckArm implements Arm {
    private static final long TIMEOUT_NANOS = 5_000_000_000L;

    private final Time time;
    private final List<Provider> providers;
    private final long repairNanos;
    private final Cache cache;
    private final HybridClock clock;
    private final Set<Integer> torn = new TreeSet<>();

    FirstAckArm(Time time, List<Provider> providers, long ttlNanos, long repairNanos) {
        this.time = time;
        this.providers = providers;
        this.repairNanos = repairNanos;
        this.cache = new Cache(time, ttlNanos);
        this.clock = SingleArm.clock(time);
    }

    /** What one provider is asked. */
    private interface Call<T> {
        T to(Provider provider) throws ProviderFault;
    }

    /** Waits for the first answer of two. */
    private static final class Race<T> {
        private final Signal signal;
        private @Nullable T first;
        private int ended;

        Race(Time time) {
            signal = new Signal(time);
        }
    }

    @Override
    public void start() {
        providers.forEach(Places::found);
        time.fork("repair", () -> {
            while (true) {
                time.park(repairNanos);
                for (int key : new ArrayList<>(torn)) {
                    if (repaired(key)) {
                        torn.remove(key);
                    }
                }
            }
        });
    }

    /** @param missed called for each that fails */
    private <T> T race(Call<T> call, Runnable missed) throws Failed {
        Race<T> race = new Race<>(time);
        for (Provider provider : providers) {
            time.fork("ask-" + provider.name(), () -> {
                try {
                    T answer = call.to(provider);
                    race.first = race.first == null ? answer : race.first;
                } catch (ProviderFault fault) {
                    missed.run();
                }
                race.ended++;
                race.signal.wake();
            });
        }
        try {
            race.signal.await(time.nanos() + TIMEOUT_NANOS, () -> race.first != null || race.ended == providers.size());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a replay", e);
        }
        T first = race.first;
        if (first == null) {
            throw new Failed("neither provider answers");
        }
        return first;
    }

    @Override
    public Answer get(int key) throws Failed {
        return cache.get(key, wanted -> race(provider -> SingleArm.read(provider, wanted), () -> {}));
    }

    @Override
    public void put(int key, long number) throws Failed {
        Record record = Record.of(clock.next(), Load.value(number));
        race(provider -> provider.putIfNewer(SingleArm.NAMESPACE, Load.key(key), record), () -> torn.add(key));
    }

    private boolean repaired(int key) {
        try {
            Record newest = null;
            for (Provider provider : providers) {
                if (provider.get(SingleArm.NAMESPACE, Load.key(key)) instanceof Lookup.Present(Record record)) {
                    newest = newest == null ? record : Record.merge(newest, record);
                }
            }
            if (newest != null) {
                for (Provider provider : providers) {
                    provider.putIfNewer(SingleArm.NAMESPACE, Load.key(key), newest);
                }
            }
            return true;
        } catch (ProviderFault fault) {
            return false;
        }
    }

    @Override
    public boolean settled() {
        return torn.isEmpty();
    }
}
