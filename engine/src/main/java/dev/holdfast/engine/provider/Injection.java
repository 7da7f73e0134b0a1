package dev.holdfast.engine.provider;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.time.Time;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** A fault from when it is injected until it is over, with what it has to remember meanwhile. Thread-safe. */
final class Injection {
    private static final double SECOND = 1e9;
    final Fault fault;
    final Past past = new Past();
    private final String provider;
    private final Time time;
    private final Queue<Thread> held = new ConcurrentLinkedQueue<>();
    private final LongAdder struck = new LongAdder();
    /** When the last call in the line of a provider that serves so many a second is served. */
    private final AtomicLong lineEnds = new AtomicLong(Long.MIN_VALUE);

    private volatile boolean over;

    Injection(Fault fault, String provider, Time time) {
        this.fault = fault;
        this.provider = provider;
        this.time = time;
    }

    FaultMode mode() {
        return fault.mode();
    }

    /** Ends the fault. Calls that it held back go on, as late messages do. */
    void end() {
        over = true;
        held.forEach(LockSupport::unpark);
    }

    boolean strikes(Operation operation) {
        return fault.operations().contains(operation) && drawn();
    }

    boolean drawn() {
        return fault.rate() >= 1 || time.random().nextDouble() < fault.rate();
    }

    /** How many calls it has struck. */
    long struck() {
        return struck.sum();
    }

    /** What happens to a struck call before it does anything, for the modes that do not care which call it is. */
    void meet() throws ProviderFault {
        struck.increment();
        switch (fault.mode()) {
            case ERROR -> throw drill(FaultKind.UNAVAILABLE, "fails");
            case THROTTLED -> throw drill(FaultKind.THROTTLED, "asks to be called less often");
            case UNAUTHORIZED -> throw drill(FaultKind.UNAUTHORIZED, "answers 401");
            case BLACKHOLE -> hold();
            case SLOW -> delay();
            case NOT_FOUND, EMPTY, STALE, CORRUPT, TRUNCATED, DISK_FULL, ACKNOWLEDGED_THEN_LOST -> {}
        }
    }

    ProviderFault drill(FaultKind kind, String what) {
        return new ProviderFault(kind, "provider " + provider + " " + what + " (an injected fault)");
    }

    private void hold() throws ProviderFault {
        Thread self = Thread.currentThread();
        held.add(self);
        try {
            while (!over) {
                if (self.isInterrupted()) {
                    throw drill(FaultKind.TIMEOUT, "does not answer");
                }
                LockSupport.park(this);
            }
        } finally {
            held.remove(self);
        }
    }

    private void delay() throws ProviderFault {
        try {
            time.sleep(fault.delay().toNanos() + inLine());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw drill(FaultKind.TIMEOUT, "is slow");
        }
    }

    /** For how long a call waits in the line, being served included. Whoever gives up keeps its place, as at a server that knows nothing of that. */
    private long inLine() {
        if (fault.perSecond() == 0) {
            return 0;
        }
        long now = time.nanos();
        long cost = (long) (SECOND / fault.perSecond());
        return lineEnds.updateAndGet(end -> Math.max(end, now) + cost) - now;
    }

    /** The record as it would be read from bytes of which one was altered, or the last ones are missing. */
    Record damaged(NamespaceId namespace, Key key, Record record) throws ProviderFault {
        byte[] bytes = RecordFormat.encode(namespace, key, record);
        if (fault.mode() == FaultMode.TRUNCATED) {
            bytes = Arrays.copyOf(bytes, time.random().nextInt(bytes.length));
        } else {
            bytes[time.random().nextInt(bytes.length)] ^=
                    (byte) (1 + time.random().nextInt(255));
        }
        try {
            return RecordFormat.decode(namespace, key, bytes);
        } catch (DamagedRecord e) {
            throw drill(FaultKind.CORRUPT, "holds a damaged record: " + e.getMessage());
        }
    }
}
