package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.time.Time;
import dev.holdfast.simulation.scheduler.Pending;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One task of {@link UsualStack}. What comes when its client has given up is thrown away, as with the request it was for. */
final class UsualTask {
    private static final long SECOND = 1_000_000_000L;
    private static final long CHECK_NANOS = 10 * SECOND;
    private static final int CHECKS = 3;
    /** Calls under way at one provider beyond which others fail at once. */
    private static final int MOST_CALLS = 1_024;
    /** What one provider has missed is repaired in rounds. */
    private static final long REPAIR_NANOS = 60 * SECOND;

    private final Time time;
    private final List<Provider> providers;
    private final HybridClock clock;
    private final long ttlNanos;
    private final Map<KeyRef, Kept> kept = new HashMap<>();
    private final Map<KeyRef, Record> torn = new HashMap<>();
    private final Map<String, Health> health = new TreeMap<>();
    private final Map<String, Integer> underWay = new TreeMap<>();

    /** @param number of the write; 0 for none, which is kept as well */
    private record Kept(long number, long asked) {}

    /** What the checks of one provider say: some in a row take it out, and as many bring it back. */
    private static final class Health {
        private boolean in = true;
        private int contrary;

        void checked(boolean well) {
            contrary = well == in ? 0 : contrary + 1;
            if (contrary == CHECKS) {
                in = well;
                contrary = 0;
            }
        }
    }

    /** What one provider is asked. */
    private interface Call<T> {
        T to(Provider provider) throws ProviderFault;
    }

    UsualTask(Time time, List<Provider> providers, HybridClock clock, long ttlNanos) {
        this.time = time;
        this.providers = providers;
        this.clock = clock;
        this.ttlNanos = ttlNanos;
        if (providers.size() > 1) {
            providers.forEach(provider -> time.fork("check", () -> check(provider)));
            time.fork("repair", this::repair);
        }
    }

    @Nullable
    Got atOnce(NamespaceId namespace, Key key) {
        Kept found = kept.get(new KeyRef(namespace, key));
        return found != null && time.nanos() - found.asked() < ttlNanos ? got(found.number()) : null;
    }

    private static Got got(long number) {
        return number == 0 ? Got.Nothing.ABSENT : new Got.Value(number, 0, Version.NONE);
    }

    Got read(NamespaceId namespace, Key key) {
        long began = time.nanos();
        Got got = ask(namespace, key);
        if (time.nanos() - began > Stack.GIVE_UP_NANOS || got.failed()) {
            return Got.Nothing.FAILED;
        }
        long number = got instanceof Got.Value value ? value.number() : 0;
        kept.put(new KeyRef(namespace, key), new Kept(number, began));
        return got;
    }

    /** Past the cache. */
    Got ask(NamespaceId namespace, Key key) {
        Got got = race(
                provider -> got(
                        provider.get(namespace, key) instanceof Lookup.Present(Record record) && !record.tombstone()
                                ? Stack.number(record.value())
                                : 0),
                () -> {});
        return got == null ? Got.Nothing.FAILED : got;
    }

    boolean write(NamespaceId namespace, Key key, byte[] value) {
        return put(namespace, key, Record.of(clock.next(), value));
    }

    boolean delete(NamespaceId namespace, Key key) {
        return put(namespace, key, Record.tombstone(clock.next()));
    }

    private boolean put(NamespaceId namespace, Key key, Record record) {
        KeyRef ref = new KeyRef(namespace, key);
        return race(
                        provider -> provider.putIfNewer(namespace, key, record),
                        () -> torn.merge(ref, record, Record::merge))
                != null;
    }

    private List<Provider> healthy() {
        List<Provider> in = new ArrayList<>();
        for (Provider provider : providers) {
            Health checked = health.get(provider.name());
            if (checked == null || checked.in) {
                in.add(provider);
            }
        }
        return in;
    }

    /** One call, over one of so many connections. */
    private <T> T call(Provider provider, Call<T> call) throws ProviderFault {
        if (underWay.merge(provider.name(), 1, Integer::sum) > MOST_CALLS) {
            underWay.merge(provider.name(), -1, Integer::sum);
            throw new ProviderFault(FaultKind.THROTTLED, "no connection to " + provider.name() + " is left");
        }
        try {
            return call.to(provider);
        } finally {
            underWay.merge(provider.name(), -1, Integer::sum);
        }
    }

    /**
     * @param missed called for each that does not take it
     * @return null when nobody answers
     */
    private <T> @Nullable T race(Call<T> call, Runnable missed) {
        List<Provider> asked = healthy();
        for (int i = asked.size(); i < providers.size(); i++) {
            missed.run();
        }
        if (asked.size() < 2) {
            try {
                return asked.isEmpty() ? null : call(asked.getFirst(), call);
            } catch (ProviderFault fault) {
                missed.run();
                return null;
            }
        }
        Pending<T, ProviderFault> first = new Pending<>();
        int[] left = {asked.size()};
        for (Provider provider : asked) {
            time.fork("ask-" + provider.name(), () -> {
                try {
                    first.answer(call(provider, call));
                } catch (ProviderFault fault) {
                    missed.run();
                    if (--left[0] == 0) {
                        first.fail(fault);
                    }
                }
            });
        }
        try {
            return first.await();
        } catch (ProviderFault nobody) {
            return null;
        }
    }

    private void check(Provider provider) {
        Health checked = new Health();
        health.put(provider.name(), checked);
        while (true) {
            time.park(CHECK_NANOS);
            boolean well = true;
            try {
                provider.probe();
            } catch (ProviderFault fault) {
                well = false;
            }
            checked.checked(well);
        }
    }

    private void repair() {
        while (true) {
            time.park(REPAIR_NANOS);
            for (Map.Entry<KeyRef, Record> each : List.copyOf(torn.entrySet())) {
                KeyRef ref = each.getKey();
                try {
                    for (Provider provider : providers) {
                        provider.putIfNewer(ref.namespace(), ref.key(), each.getValue());
                    }
                    torn.remove(ref, each.getValue());
                } catch (ProviderFault fault) {
                    // In the next round.
                }
            }
        }
    }
}
