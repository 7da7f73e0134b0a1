package dev.holdfast.server.main;

import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.Placement;
import dev.holdfast.engine.replication.Placement.Changed;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.admin.Homes;
import dev.holdfast.server.config.BadConfig;
import dev.holdfast.server.config.ProviderConfig;
import dev.holdfast.server.config.ServerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The providers that an origin has open. Those in use are closed with it. */
final class LiveHomes implements Homes, AutoCloseable {
    /** Reads the configuration as it is now. */
    interface Reload {
        ServerConfig config() throws BadConfig;
    }

    private final Reload reload;
    private final boolean drills;
    private final Time time;
    private final Consumer<ProviderConfig> known;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile List<Home> homes = List.of();
    private volatile @Nullable Placement placement;

    /** @param known is told of one that is added before it is */
    LiveHomes(Reload reload, boolean drills, Time time, Consumer<ProviderConfig> known) {
        this.known = known;
        this.reload = reload;
        this.drills = drills;
        this.time = time;
    }

    /** Opens one that is in use from the start. */
    void open(ProviderConfig config) throws StartFailed {
        List<Home> more = new ArrayList<>(homes);
        more.add(Providers.open(config, drills, time));
        homes = List.copyOf(more);
    }

    /** Of the store that uses them. */
    void placed(Placement of) {
        placement = of;
    }

    private Placement placement() {
        Placement now = placement;
        if (now == null) {
            throw new IllegalStateException("there is no store yet");
        }
        return now;
    }

    @Override
    public List<Home> all() {
        return homes;
    }

    @Override
    public Changed add(String name, Check check) throws LocalStoreFault {
        changing.lock();
        try {
            if (find(name).isPresent()) {
                return new Changed.Refused("Provider " + name + " is in use already.");
            }
            Optional<ProviderConfig> config = reload.config().providers().stream()
                    .filter(provider -> provider.name().equals(name))
                    .findFirst();
            if (config.isEmpty()) {
                return new Changed.Refused("The configuration of this node says nothing of a provider \"" + name
                        + "\". Add it below \"providers\" in the file, and do this again; no restart is needed.");
            }
            known.accept(config.get());
            Home home = Providers.open(config.get(), drills, time);
            Optional<Changed> refused = refusal(check, home);
            Changed changed = refused.isPresent() ? refused.get() : placement().add(Providers.seen(home));
            switch (changed) {
                case Changed.Done _ -> {
                    List<Home> more = new ArrayList<>(homes);
                    more.add(home);
                    homes = List.copyOf(more);
                }
                case Changed.Refused _ -> home.itself().close();
            }
            return changed;
        } catch (BadConfig e) {
            return new Changed.Refused("The configuration cannot be used: " + e.getMessage());
        } catch (StartFailed e) {
            return new Changed.Refused(String.valueOf(e.getMessage()));
        } finally {
            changing.unlock();
        }
    }

    private static Optional<Changed> refusal(Check check, Home home) {
        try {
            return check.refusal(home.itself()).<Changed>map(Changed.Refused::new);
        } catch (ProviderFault fault) {
            return Optional.of(new Changed.Refused("Provider " + home.itself().name()
                    + " does not say what it holds, and it may be what must not lie there: " + fault.getMessage()
                    + "."));
        }
    }

    @Override
    public Changed remove(String name) throws LocalStoreFault {
        changing.lock();
        try {
            Changed changed = placement().remove(name);
            Optional<Home> gone = find(name);
            if (changed instanceof Changed.Done && gone.isPresent()) {
                homes = homes.stream().filter(home -> !home.equals(gone.get())).toList();
                gone.get().itself().close();
            }
            return changed;
        } finally {
            changing.unlock();
        }
    }

    private Optional<Home> find(String name) {
        return homes.stream().filter(home -> home.itself().name().equals(name)).findFirst();
    }

    @Override
    public void close() {
        homes.stream().map(Home::itself).forEach(Provider::close);
    }
}
