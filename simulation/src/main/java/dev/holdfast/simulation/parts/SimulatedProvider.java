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
import dev.holdfast.engine.provider.RangeDigest;
import dev.holdfast.engine.provider.Reply;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.provider.Vitals;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A provider across a network, correct in itself. A call travels, is served by a thread of the provider, and its answer travels
 * back: so it may take effect after its caller gave up or died. The place can crash, be cut off, be wiped, or be put back to an
 * older state; lies on top of that are the engine's {@code FaultyProvider}.
 */
public final class SimulatedProvider implements Provider {
    private static final long ROOM = 1L << 40;
    /** What is queued gets an answer: when none comes, it is given up. */
    private static final long QUEUE_PATIENCE_NANOS = 5_000_000_000L;

    private final String name;
    private final FailureDomain domain;
    private final Scheduler scheduler;
    private final SplittableRandom random;
    private final Latency network;
    private final Latency disk;
    private final CallsUnderWay underWay = new CallsUnderWay();
    private Process server;
    private @Nullable Shelf shelf;
    private @Nullable Shelf backup;
    private boolean up = true;
    private boolean cut;
    private Set<Key> dark = Set.of();
    private long slowNanos;
    private long stalledUntil;
    private @Nullable Line line;
    private boolean shortPages;
    private boolean queues;
    private boolean digests;
    private boolean closed;
    private long calls;
    private long lookups;
    private Runnable less = () -> {};

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
        this.domain = new FailureDomain("operator-" + name, "region-" + name, "device-" + name);
        this.scheduler = scheduler;
        this.random = random;
        this.network = network;
        this.disk = disk;
        this.server = new Process("provider-" + name);
    }

    /** Loses its power: calls under way are cut off, having happened or not. What was acknowledged stays. */
    public void crash() {
        server.kill();
        server = new Process("provider-" + name);
        up = false;
        for (Reply<?> reply : underWay.endAll()) {
            reply.failed(new ProviderFault(FaultKind.UNAVAILABLE, name + ": connection reset"));
        }
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

    /**
     * Serves so many calls a second from now on, one after the other; more wait in a queue without end, and are served also when nobody
     * waits for the answer any more, as most services do.
     *
     * @param burstSeconds for a service of many workers: so many seconds' worth may come at once before any has to wait
     */
    public void serveAtMost(double callsPerSecond, double burstSeconds) {
        line = new Line(callsPerSecond, burstSeconds);
    }

    /** Does not serve these keys, as when one shard of it is down; nor a scan, which would need them all. */
    public void darken(Collection<Key> keys) {
        dark = Set.copyOf(keys);
    }

    private void requireLight(Key key) throws ProviderFault {
        requireLight(!dark.contains(key));
    }

    private void requireLight(boolean light) throws ProviderFault {
        if (!light) {
            throw new ProviderFault(FaultKind.UNAVAILABLE, name + ": a shard is down");
        }
    }

    /** Loses everything, as when an account is deleted. Calls under way are cut off. */
    public void wipe() {
        crash();
        restart();
        shelf = null;
        less.run();
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
        less.run();
        return true;
    }

    /** How many calls it has begun to serve. */
    public long calls() {
        return calls;
    }

    /** How many of them were for a record or its version. */
    public long lookups() {
        return lookups;
    }

    /** Has {@code listener} called after every moment at which something durable may have become less. */
    public void whenLess(Runnable listener) {
        less = listener;
    }

    /** Makes pages end anywhere, which the contract allows: a caller that takes a short one for the last is found out. */
    public void shortenPages() {
        shortPages = true;
    }

    /** Has puts taken into a queue, as an embedded engine does. */
    public void takeQueued() {
        queues = true;
    }

    /** Damages a stored record; one that is {@code large} in its value alone, where no scan looks. */
    public void rot(NamespaceId namespace, Key key, boolean large) {
        Shelf place = shelf;
        if (place != null) {
            place.rot(namespace, key, random.nextInt(1 << 20), large);
            less.run();
        }
    }

    /** What is durable here for a key, for checkers, which look without being noticed; null for nothing readable. */
    public @Nullable Head held(NamespaceId namespace, Key key) {
        Shelf place = shelf;
        return place == null ? null : place.head(namespace, key);
    }

    /** The record that is durable here for a key, for checkers; null for nothing readable. */
    public @Nullable Record record(NamespaceId namespace, Key key) {
        Shelf place = shelf;
        try {
            return place == null ? null : place.get(namespace, key);
        } catch (DamagedRecord e) {
            return null;
        }
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
        Waiter<T> waiter = new Waiter<>(scheduler.process());
        send(service, work, waiter);
        try {
            return waiter.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderFault(FaultKind.TIMEOUT, name + ": " + what + " was given up by its caller");
        } finally {
            underWay.end(waiter);
        }
    }

    private <T> void send(Latency service, Work<T> work, CallsUnderWay.Call<T> reply) throws ProviderFault {
        if (closed) {
            throw new ProviderFault(FaultKind.UNAVAILABLE, name + ": is closed");
        }
        underWay.begin(reply);
        travel(() -> arrived(service, work, reply));
    }

    /** Sends something one way; it gets lost when the network is cut then or meanwhile. */
    private void travel(Runnable arrives) {
        boolean lost = cut;
        long nanos = network.next(random) + (slowNanos == 0 ? 0 : random.nextLong(slowNanos));
        scheduler.after(nanos, server, () -> {
            if (!lost && !cut) {
                arrives.run();
            }
        });
    }

    private <T> void arrived(Latency service, Work<T> work, Reply<T> reply) {
        if (!up) {
            reply.failed(new ProviderFault(FaultKind.UNAVAILABLE, name + ": connection refused"));
            return;
        }
        calls++;
        Line now = line;
        if (now == null) {
            begin(service, work, reply);
        } else {
            scheduler.after(now.join(scheduler.now()), server, () -> begin(service, work, reply));
        }
    }

    private <T> void begin(Latency service, Work<T> work, Reply<T> reply) {
        if (service.equals(Latency.NONE)) {
            serve(work, reply);
        } else {
            scheduler.after(service.next(random), server, () -> serveUnstalled(work, reply));
        }
    }

    private <T> void serveUnstalled(Work<T> work, Reply<T> reply) {
        long stalled = stalledUntil - scheduler.now();
        if (stalled > 0) {
            scheduler.after(stalled, server, () -> serve(work, reply));
        } else {
            serve(work, reply);
        }
    }

    private <T> void serve(Work<T> work, Reply<T> reply) {
        try {
            T answer = work.run();
            travel(() -> reply.answered(answer));
        } catch (ProviderFault fault) {
            travel(() -> reply.failed(fault));
        }
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
        return domain;
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
    public Identity initialise(Identity identity) throws ProviderFault {
        return exchange("initialise", disk, () -> {
            Shelf there = shelf == null ? new Shelf(identity) : shelf;
            shelf = there;
            return there.identity();
        });
    }

    @Override
    public Vitals probe() throws ProviderFault {
        return call("probe", Latency.NONE, place -> new Vitals(place.identity(), place.highWater(), ROOM));
    }

    @Override
    public Put put(NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        return call("put", disk, place -> put(place, namespace, key, record, vouched));
    }

    private Put put(Shelf place, NamespaceId namespace, Key key, Record record, boolean vouched) throws ProviderFault {
        requireLight(key);
        return place.put(namespace, key, record, vouched);
    }

    /** Taken when {@link #takeQueued} said so. The reply comes on no thread of anybody's. */
    @Override
    public boolean queue(NamespaceId namespace, Key key, Record record, boolean vouched, Reply<Put> reply) {
        if (!queues || closed) {
            return false;
        }
        QueuedPut put = new QueuedPut(scheduler.process(), underWay, reply);
        underWay.begin(put);
        travel(() -> arrived(disk, () -> put(open(), namespace, key, record, vouched), put));
        put.giveUpAt(scheduler.after(
                QUEUE_PATIENCE_NANOS,
                put.caller,
                () -> put.failed(new ProviderFault(FaultKind.TIMEOUT, name + ": put was given up"))));
        return true;
    }

    @Override
    public Lookup get(NamespaceId namespace, Key key) throws ProviderFault {
        return call("get", Latency.NONE, place -> {
            Record record = read(place, namespace, key);
            return record == null ? new Lookup.Missing(place.floor(namespace)) : new Lookup.Present(record);
        });
    }

    private @Nullable Record read(Shelf place, NamespaceId namespace, Key key) throws ProviderFault {
        lookups++;
        requireLight(key);
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
        return call("scan", Latency.NONE, place -> {
            requireLight(dark.isEmpty());
            return place.scan(namespace, prefix, after, most);
        });
    }

    /** In two parts, each as of a moment of its own, since the contract promises none for all. */
    @Override
    public Map<Key, Lookup> getAll(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        SeveralKeys several = new SeveralKeys(this::requireLight, random);
        return several.inParts(
                keys,
                part -> callForKeys("get-all", Latency.NONE, part.size(), place -> {
                    lookups += part.size();
                    return several.lookups(place, namespace, part);
                }));
    }

    /** In two parts, between which the place may crash. */
    @Override
    public Map<Key, Put> putAll(NamespaceId namespace, SortedMap<Key, Record> records, boolean vouched)
            throws ProviderFault {
        SeveralKeys several = new SeveralKeys(this::requireLight, random);
        return several.inParts(
                List.copyOf(records.keySet()),
                part -> callForKeys(
                        "put-all", disk, part.size(), p -> several.puts(p, namespace, part, records, vouched)));
    }

    @Override
    public Page rows(NamespaceId namespace, List<Key> keys) throws ProviderFault {
        SeveralKeys several = new SeveralKeys(this::requireLight, random);
        return callForKeys("rows", Latency.NONE, keys.size(), place -> several.rows(place, namespace, keys));
    }

    /** A call that is as much work as one for each of so many keys, and is counted so. */
    private <T> T callForKeys(String what, Latency service, int keys, ShelfWork<T> work) throws ProviderFault {
        return call(what, service, place -> {
            calls += keys - 1;
            return work.at(place);
        });
    }

    /** Has digests worked out where the rows are. */
    public void offerDigests() {
        digests = true;
    }

    @Override
    public boolean digests() {
        return digests;
    }

    @Override
    public RangeDigest digest(NamespaceId namespace, @Nullable Key after, @Nullable Key upTo, int most)
            throws ProviderFault {
        return call("digest", Latency.NONE, place -> {
            requireLight(dark.isEmpty());
            return place.digest(namespace, after, upTo, most);
        });
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
        return call("collect", disk, place -> {
            int collected = place.collect(namespace, rows);
            less.run();
            return collected;
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
