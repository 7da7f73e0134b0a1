package dev.holdfast.simulation.parts;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
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
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.provider.Vitals;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Reply;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A provider across a network, correct in itself. A call travels, is served by a thread of the provider, and its answer travels
 * back: so it may take effect after its caller gave up or died. The place can crash, be cut off, be wiped, or be put back to an
 * older state; lies on top of that are the engine's {@code FaultyProvider}.
 */
public final class SimulatedProvider implements Provider {
    private static final long ROOM = 1L << 40;

    private final String name;
    private final Scheduler scheduler;
    private final SplittableRandom random;
    private final Latency network;
    private final Latency disk;
    private final List<Reply<?, ProviderFault>> outstanding = new ArrayList<>();
    private SimulatedTime server;
    private @Nullable Shelf shelf;
    private @Nullable Shelf backup;
    private boolean up = true;
    private boolean cut;
    private long slowNanos;
    private long stalledUntil;
    private boolean shortPages;
    private boolean closed;

    /** What a call does at the provider. */
    private interface Work<T> {
        T run() throws ProviderFault;
    }

    /** What a call does with what lies there. */
    private interface ShelfWork<T> {
        T at(Shelf shelf) throws ProviderFault;
    }

    public SimulatedProvider(String name, Scheduler scheduler, SplittableRandom random, Latency network, Latency disk) {
        this.name = name;
        this.scheduler = scheduler;
        this.random = random;
        this.network = network;
        this.disk = disk;
        this.server = serve();
    }

    private SimulatedTime serve() {
        return new SimulatedTime(scheduler, new Process("provider-" + name), random.split());
    }

    /** Loses its power: calls under way are cut off, having happened or not. What was acknowledged stays. */
    public void crash() {
        server.process().kill();
        server = serve();
        up = false;
        for (Reply<?, ProviderFault> reply : outstanding) {
            reply.fail(new ProviderFault(FaultKind.UNAVAILABLE, name + ": connection reset"));
        }
        outstanding.clear();
    }

    public void restart() {
        up = true;
    }

    /** Cuts the network: requests and answers under way or sent from now on vanish, and calls wait until given up. */
    public void cut(boolean cutOff) {
        cut = cutOff;
    }

    /** Makes each way of a call take up to so much longer. */
    public void slow(long nanos) {
        slowNanos = nanos;
    }

    /** Its disk syncs nothing for so long; what needs no sync goes on. */
    public void stall(long nanos) {
        stalledUntil = scheduler.now() + nanos;
    }

    /** Loses everything, as when an account is deleted. Calls under way are cut off. */
    public void wipe() {
        crash();
        restart();
        shelf = null;
    }

    /** Whether there is no place: never initialised, or wiped. */
    public boolean blank() {
        return shelf == null;
    }

    /** Keeps a copy of the present state for {@link #rollBack}. */
    public void backUp() {
        Shelf now = shelf;
        backup = now == null ? null : now.copy();
    }

    /** Goes back to the last backup; without one, nothing changes. */
    public boolean rollBack() {
        Shelf copy = backup;
        if (copy == null) {
            return false;
        }
        crash();
        restart();
        shelf = copy;
        backup = null;
        return true;
    }

    /** Makes pages end anywhere, which the contract allows: a caller that takes a short one for the last is found out. */
    public void shortenPages() {
        shortPages = true;
    }

    /** Damages a stored record. */
    public void rot(NamespaceId namespace, Key key) {
        Shelf place = shelf;
        if (place != null) {
            place.rot(namespace, key, random.nextInt(1 << 20));
        }
    }

    /** What is durable here for a key, for checkers, which look without being noticed; null for nothing readable. */
    public @Nullable Head held(NamespaceId namespace, Key key) {
        Shelf place = shelf;
        return place == null ? null : place.head(namespace, key);
    }

    /** Everything that is durable in a namespace, for checkers. */
    public Page content(NamespaceId namespace) {
        Shelf place = shelf;
        return place == null
                ? new Page(List.of(), true, List.of())
                : place.scan(namespace, new byte[0], null, Integer.MAX_VALUE);
    }

    /** The collection floor, for checkers. */
    public Version floorOf(NamespaceId namespace) {
        Shelf place = shelf;
        return place == null ? Version.NONE : place.floor(namespace);
    }

    private <T> T call(String what, Latency service, ShelfWork<T> work) throws ProviderFault {
        return exchange(what, service, () -> work.at(open()));
    }

    private <T> T exchange(String what, Latency service, Work<T> work) throws ProviderFault {
        if (closed) {
            throw new ProviderFault(FaultKind.UNAVAILABLE, name + ": is closed");
        }
        Reply<T, ProviderFault> reply = new Reply<>();
        outstanding.add(reply);
        server.fork(what, () -> {
            if (!arrives()) {
                return;
            }
            if (!up) {
                reply.fail(new ProviderFault(FaultKind.UNAVAILABLE, name + ": connection refused"));
                return;
            }
            server.park(service.next(random));
            if (!service.equals(Latency.NONE)) {
                server.park(Math.max(0, stalledUntil - scheduler.now()));
            }
            try {
                T answer = work.run();
                if (arrives()) {
                    reply.answer(answer);
                }
            } catch (ProviderFault fault) {
                if (arrives()) {
                    reply.fail(fault);
                }
            }
        });
        try {
            return reply.awaitInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderFault(FaultKind.TIMEOUT, name + ": " + what + " was given up by its caller");
        } finally {
            outstanding.remove(reply);
        }
    }

    /** Travels one way; false when the message got lost. */
    private boolean arrives() {
        boolean lost = cut;
        server.park(network.next(random) + (slowNanos == 0 ? 0 : random.nextLong(slowNanos)));
        return !lost && !cut;
    }

    private Shelf open() throws ProviderFault {
        Shelf place = shelf;
        if (place == null) {
            throw new ProviderFault(FaultKind.ROLLED_BACK, name + ": there is nothing here");
        }
        return place;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FailureDomain failureDomain() {
        return new FailureDomain("operator-" + name, "region-" + name, "device-" + name);
    }

    @Override
    public Optional<Identity> identity() throws ProviderFault {
        try {
            return Optional.of(call("identity", Latency.NONE, Shelf::identity));
        } catch (ProviderFault fault) {
            if (fault.kind() == FaultKind.ROLLED_BACK) {
                return Optional.empty();
            }
            throw fault;
        }
    }

    @Override
    public void initialise(Identity identity) throws ProviderFault {
        exchange("initialise", disk, () -> {
            shelf = new Shelf(identity);
            return identity;
        });
    }

    @Override
    public Vitals probe() throws ProviderFault {
        return call("probe", Latency.NONE, place -> new Vitals(place.identity(), place.highWater(), ROOM));
    }

    @Override
    public Put put(NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        return call("put", disk, place -> place.put(namespace, key, record, vouched));
    }

    @Override
    public Lookup get(NamespaceId namespace, Key key) throws ProviderFault {
        return call("get", Latency.NONE, place -> {
            Record record = read(place, namespace, key);
            return record == null ? new Lookup.Missing(place.floor(namespace)) : new Lookup.Present(record);
        });
    }

    private @Nullable Record read(Shelf place, NamespaceId namespace, Key key) throws ProviderFault {
        try {
            return place.get(namespace, key);
        } catch (DamagedRecord e) {
            throw new ProviderFault(FaultKind.CORRUPT, name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Sighting sight(NamespaceId namespace, Key key) throws ProviderFault {
        return call("sight", Latency.NONE, place -> {
            Record record = read(place, namespace, key);
            return record == null ? new Sighting(false, place.floor(namespace)) : new Sighting(true, record.version());
        });
    }

    @Override
    public Page scan(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) throws ProviderFault {
        int most = shortPages ? 1 + random.nextInt(limit) : limit;
        return call("scan", Latency.NONE, place -> place.scan(namespace, prefix, after, most));
    }

    @Override
    public Version floor(NamespaceId namespace) throws ProviderFault {
        return call("floor", Latency.NONE, place -> place.floor(namespace));
    }

    @Override
    public void raiseFloor(NamespaceId namespace, Version floor) throws ProviderFault {
        call("raise-floor", disk, place -> {
            place.raiseFloor(namespace, floor);
            return true;
        });
    }

    @Override
    public int collect(NamespaceId namespace, List<Exact> rows) throws ProviderFault {
        return call("collect", disk, place -> place.collect(namespace, rows));
    }

    @Override
    public void close() {
        closed = true;
    }
}
