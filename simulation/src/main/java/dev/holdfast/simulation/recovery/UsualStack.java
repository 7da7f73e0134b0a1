package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import dev.holdfast.simulation.world.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A store as it is usually built: at each place a task with a cache that forgets by TTL, straight over the providers. With one of them it
 * is the store of {@code single}; with two a write is acknowledged on the first and the first answer to a read wins, as in
 * {@code first-ack}, and a provider that fails its health checks is taken out.
 */
final class UsualStack implements Stack {
    private final SimulatedTime users;
    private final List<Provider> providers;
    private final HybridClock clock;
    private final List<Server<UsualTask>> places = new ArrayList<>();

    UsualStack(
            SimulatedTime users,
            int places,
            long ttlNanos,
            List<? extends Provider> providers,
            Scheduler scheduler,
            SplittableRandom random) {
        this.users = users;
        this.providers = List.copyOf(providers);
        // One for all, which flatters it: no task's clock is ever behind another's.
        this.clock = new HybridClock(users, 1, 0, 60_000, millis -> {});
        for (int i = 0; i < places; i++) {
            this.places.add(new Server<>(
                    "task-" + i,
                    scheduler,
                    random.split(),
                    time -> new UsualTask(time, this.providers, clock, ttlNanos),
                    () -> {}));
        }
    }

    @Override
    public void begin(SimulatedTime world) {
        for (Provider provider : providers) {
            try {
                provider.initialise(new Identity("0".repeat(31) + provider.name(), 1));
            } catch (ProviderFault fault) {
                throw new IllegalStateException("all is well as yet", fault);
            }
        }
        start();
        world.park(1_000_000_000L);
    }

    @Override
    public void start() {
        places.forEach(Server::start);
    }

    @Override
    public void crash() {
        places.forEach(Server::crash);
    }

    @Override
    public void fill(Namespace namespace, Key key, byte[] value) {
        Record record = Record.of(clock.next(), value);
        for (Provider provider : providers) {
            try {
                provider.putIfNewer(namespace.id(), key, record);
            } catch (ProviderFault fault) {
                throw new IllegalStateException("all is well as yet", fault);
            }
        }
    }

    @Override
    public @Nullable Got atOnce(int place, Namespace namespace, Key key) {
        UsualTask task = places.get(place).now();
        return task == null ? null : task.atOnce(namespace.id(), key);
    }

    @Override
    public Got read(int place, Namespace namespace, Key key, boolean confirmed) {
        return places.get(place)
                .ask(
                        users,
                        task -> confirmed ? task.ask(namespace.id(), key) : task.read(namespace.id(), key),
                        GIVE_UP_NANOS,
                        Got.Nothing.FAILED);
    }

    /** There is nothing to insist on. */
    @Override
    public Wrote write(int place, Namespace namespace, Key key, byte[] value, Got.@Nullable Value seen) {
        return places.get(place)
                .ask(
                        users,
                        task -> task.write(namespace.id(), key, value) ? Wrote.ACKNOWLEDGED : Wrote.FAILED,
                        GIVE_UP_NANOS,
                        Wrote.FAILED);
    }

    @Override
    public void delete(int place, Namespace namespace, Key key) {
        places.get(place).ask(users, task -> task.delete(namespace.id(), key), GIVE_UP_NANOS, false);
    }
}
