package dev.holdfast.simulation.coldstart;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A store as it is usually built, to see whether the world is a hard one: a cache that forgets what is too old, each read that it cannot
 * answer asks a provider by turns, and what comes when the request has been given up is thrown away with it.
 */
final class UsualStore implements Serving {
    private final SimulatedTime time;
    private final List<? extends Provider> providers;
    private final long ttlNanos;
    private final long giveUpNanos;
    private final Map<KeyRef, Long> kept = new HashMap<>();
    private int turn;

    UsualStore(SimulatedTime time, List<? extends Provider> providers, long ttlNanos, long giveUpNanos) {
        this.time = time;
        this.providers = List.copyOf(providers);
        this.ttlNanos = ttlNanos;
        this.giveUpNanos = giveUpNanos;
    }

    @Override
    public SimulatedTime time() {
        return time;
    }

    @Override
    public boolean atOnce(Namespace namespace, Key key) {
        Long since = kept.get(new KeyRef(namespace.id(), key));
        return since != null && time.nanos() - since < ttlNanos;
    }

    @Override
    public boolean read(Namespace namespace, Key key) {
        long began = time.nanos();
        try {
            Lookup found = providers.get(++turn % providers.size()).get(namespace.id(), key);
            if (time.nanos() - began > giveUpNanos) {
                return false;
            }
            kept.put(new KeyRef(namespace.id(), key), time.nanos());
            return found instanceof Lookup.Present;
        } catch (ProviderFault fault) {
            return false;
        }
    }

    @Override
    public void fill(Namespace namespace, Key key, byte[] value) {
        Record record = Record.of(new Version(1), value);
        try {
            for (Provider provider : providers) {
                provider.put(namespace.id(), key, record, true);
            }
        } catch (ProviderFault fault) {
            throw new IllegalStateException("all is well as yet", fault);
        }
        kept.put(new KeyRef(namespace.id(), key), time.nanos());
    }
}
