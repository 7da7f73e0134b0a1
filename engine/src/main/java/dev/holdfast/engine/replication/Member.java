package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Reply;
import dev.holdfast.engine.time.Time;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One provider of the placement, with its health, its learned deadlines and the calls under way. Thread-safe. */
final class Member {

    /** A call to the provider. */
    @FunctionalInterface
    interface Call<T> {
        T on(Provider provider) throws ProviderFault;
    }

    /** A call that the provider may take into a queue of its own. */
    @FunctionalInterface
    interface Queued<T> {
        /** @return false when it has not been queued */
        boolean at(Provider provider, Reply<T> reply);
    }

    /** Enough for a disk to have reads to reorder, few enough to be no burden. */
    private static final int READERS = 8;
    /** The longest kind of call takes so many times as long as one for one key. */
    private static final int LONGEST_CALL = 4;

    final int index;
    final Provider provider;
    final Health health;
    final SignOfLife signOfLife;
    final Ration ration;
    final Bulkhead bulkhead;
    final CallEvidence evidence = new CallEvidence();
    /** Keys compared in the pass under way, for people. */
    final AtomicLong compared = new AtomicLong();
    /** When that pass began, in milliseconds since the Unix epoch. */
    volatile long comparingSince;
    /** How many there were in the last complete pass; 0 for not known. */
    volatile long expected;
    /** How often it was asked what others had been asked, while its word did not count, and would have answered something older. */
    final LongAdder shadowed = new LongAdder();

    final LongAdder disagreed = new LongAdder();
    /** What recovery is doing, for people; empty for nothing. */
    volatile String doing = "";

    private final AtomicReference<Version> acknowledged = new AtomicReference<>(Version.NONE);
    private volatile Traces leftHere = Traces.NONE;
    private final Map<CallKind, Latency> latencies = new EnumMap<>(CallKind.class);
    private final Time time;
    private final int maxCalls;
    /** Asked once: deadlines are worked out several times for each call. */
    private final long mayTakeNanos;

    private final @Nullable ReaderThreads readers;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Map<Thread, Long> started = new ConcurrentHashMap<>();

    Member(int index, Provider provider, ReplicationConfig config, Time time) {
        this.index = index;
        this.provider = provider;
        this.time = time;
        this.mayTakeNanos = provider.mayTake().toNanos();
        this.health = new Health(time);
        this.signOfLife = new SignOfLife(this, time);
        this.bulkhead = new Bulkhead(time, config.leastCalls(), config.maxCalls());
        this.ration = new Ration(time, config.recovery());
        for (CallKind kind : CallKind.values()) {
            long least = Math.max(kind.leastDeadlines() * config.minDeadline().toNanos(), mayTakeNanos(kind));
            latencies.put(
                    kind,
                    new Latency(least, Math.max(least, config.maxDeadline().toNanos())));
        }
        this.maxCalls = config.maxCalls();
        this.readers = provider.holdsThread() ? new ReaderThreads(time, "read-" + provider.name(), READERS) : null;
    }

    /** How long a call of this kind may take at a place like this one without its being ill. */
    long mayTakeNanos(CallKind kind) {
        return Math.min(kind.leastDeadlines(), LONGEST_CALL) * mayTakeNanos;
    }

    /** It has said that it holds the version. */
    void acknowledged(Version version) {
        acknowledged.accumulateAndGet(version, Version::newest);
    }

    /** The newest version that it has acknowledged to this run of the node; {@link Version#NONE} for none. */
    Version acknowledged() {
        return acknowledged.get();
    }

    /** It holds these records of this node's presence. */
    void leftHere(Traces traces) {
        leftHere = traces;
    }

    /** The last records of this node's presence that it is known to hold. */
    Traces leftHere() {
        return leftHere;
    }

    /** What it has acknowledged is lost, as is known. */
    void forgetAcknowledged() {
        acknowledged.set(Version.NONE);
        leftHere = Traces.NONE;
    }

    String name() {
        return provider.name();
    }

    Latency latency(CallKind kind) {
        Latency latency = latencies.get(kind);
        if (latency == null) {
            throw new AssertionError(kind);
        }
        return latency;
    }

    /** How many calls to it are under way. */
    int underWay() {
        return underWay.get();
    }

    /** Whether it bears one more call of the request that this thread serves. */
    boolean room() {
        return bulkhead.room(underWay.get(), Request.now().tier());
    }

    /** A call has ended. */
    void ended(CallKind kind, long tookNanos, boolean answered) {
        bulkhead.ended(kind, tookNanos, answered, underWay.get());
    }

    /** How many times as long as usual it may take now. */
    double patience(CallKind kind) {
        return bulkhead.patience(kind, underWay.get());
    }

    /** Runs something that calls the provider, on a thread that may be held for as long as such a call takes. */
    void run(CallKind kind, Runnable calling) {
        if (readers == null || kind == CallKind.WRITE) {
            time.fork(kind.label(), calling);
        } else if (kind == CallKind.PROBE) {
            time.dedicate(kind.label() + "-" + name(), calling);
        } else {
            readers.run(calling);
        }
    }

    /** Calls the provider on this thread. Whatever goes wrong comes out as a fault. */
    <T> T call(Call<T> call) throws ProviderFault {
        if (underWay.incrementAndGet() > maxCalls) {
            underWay.decrementAndGet();
            throw new ProviderFault(FaultKind.UNAVAILABLE, maxCalls + " calls to it are under way already");
        }
        Thread self = Thread.currentThread();
        started.put(self, time.nanos());
        ration.made();
        try {
            T answer = call.on(provider);
            health.alive();
            ration.answered();
            return answer;
        } catch (RuntimeException e) {
            throw new ProviderFault(FaultKind.UNAVAILABLE, "it failed: " + e, e);
        } finally {
            started.remove(self);
            underWay.decrementAndGet();
        }
    }

    /** As how many calls for one key a call for so many counts. */
    int calls(int keys) {
        return Math.ceilDiv(keys, Math.max(1, provider.keysACall()));
    }

    /** A call for so many keys, which counts for as much as it is. */
    <T> Call<T> forKeys(int keys, Call<T> call) {
        int more = calls(keys) - 1;
        return asked -> {
            ration.madeMore(more);
            T answer = call.on(asked);
            ration.answeredMore(more);
            return answer;
        };
    }

    /** Whether it is being filled for the first time, and serves nobody until it is: then there is no load that it has borne. */
    boolean joins() {
        return health.held() && health.blank();
    }

    /**
     * Has the provider queue a call, if it can.
     *
     * @return false when nothing has happened and {@link #call} is the way
     */
    <T> boolean queue(Queued<T> call, Reply<T> reply) {
        if (underWay.incrementAndGet() > maxCalls) {
            underWay.decrementAndGet();
            return false;
        }
        boolean queued = false;
        try {
            queued = call.at(provider, counted(reply));
        } finally {
            if (!queued) {
                underWay.decrementAndGet();
            } else {
                ration.made();
            }
        }
        return queued;
    }

    private <T> Reply<T> counted(Reply<T> reply) {
        return new Reply<>() {
            @Override
            public void answered(T value) {
                underWay.decrementAndGet();
                ration.answered();
                reply.answered(value);
            }

            @Override
            public void failed(ProviderFault fault) {
                underWay.decrementAndGet();
                reply.failed(fault);
            }
        };
    }

    /** Interrupts calls that began longer ago than {@code nanos}: they hold threads and will not be waited for. */
    void interruptOlderThan(long nanos) {
        long now = time.nanos();
        // In the order of their beginnings: that of the map depends on the JDK's thread ids, and simulated runs must
        // repeat.
        started.entrySet().stream()
                .filter(call -> now - call.getValue() > nanos)
                .sorted(Map.Entry.comparingByValue())
                .forEach(call -> call.getKey().interrupt());
    }

    /** Somebody has waited for a read for longer than usual. */
    void nudge() {
        if (readers != null) {
            readers.nudge();
        }
    }

    void close() {
        if (readers != null) {
            readers.close();
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
