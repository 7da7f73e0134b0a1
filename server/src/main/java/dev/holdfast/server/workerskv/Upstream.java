package dev.holdfast.server.workerskv;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.Store.HomeView;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.workerskv.WorkersKv.Bare;
import dev.holdfast.server.workerskv.WorkersKvFault.Kind;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A namespace at Workers KV that is read key by key, at the pace it allows. Never waits for that pace. Thread-safe. */
final class Upstream {
    private static final long FIRST_REST_SECONDS = 1;
    /** Each holds a request of a client up. */
    private static final int AT_ONCE = 64;
    /** After so many in a row that were not answered, nobody waits for it for a while. */
    private static final int SILENT = 4;

    private static final long SILENT_REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final WorkersKv there;
    private final String namespace;
    private final Pace pace;
    private final Time time;
    private final Semaphore underWay = new Semaphore(AT_ONCE);
    private final AtomicInteger silent = new AtomicInteger();
    private final LongAdder read = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile @Nullable String trouble;
    private volatile long answeredAt;
    private volatile long askedNanos;

    Upstream(String name, WorkersKv there, String namespace, Pace pace, Time time) {
        this.name = name;
        this.there = there;
        this.namespace = namespace;
        this.pace = pace;
        this.time = time;
    }

    /** @return empty when there is no such key */
    Optional<Content> read(Key key) throws WorkersKvFault, InterruptedException {
        long now = time.nanos();
        if ((silent.get() >= SILENT && now - askedNanos < SILENT_REST_NANOS) || !underWay.tryAcquire()) {
            String why = trouble;
            throw new WorkersKvFault(Kind.AWAY, why == null ? "too many wait for it" : why, 1, null);
        }
        askedNanos = now;
        try {
            Optional<Content> content = content(key.toString());
            read.increment();
            silent.set(0);
            trouble = null;
            answeredAt = time.wallMillis();
            return content;
        } catch (WorkersKvFault fault) {
            failed.increment();
            trouble = fault.getMessage();
            if (fault.kind() == Kind.AWAY) {
                silent.incrementAndGet();
            }
            if (fault.kind() == Kind.BUSY) {
                pace.rest(TimeUnit.SECONDS.toNanos(Math.max(FIRST_REST_SECONDS, fault.retrySeconds())));
            }
            throw fault;
        } finally {
            underWay.release();
        }
    }

    private Optional<Content> content(String key) throws WorkersKvFault, InterruptedException {
        require();
        Optional<Bare> value = there.value(namespace, key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        require();
        byte[] metadata = there.metadata(namespace, key);
        return Optional.of(
                new Content(value.get().value(), metadata, value.get().expiration()));
    }

    private void require() throws WorkersKvFault {
        if (!pace.tryTake()) {
            throw new WorkersKvFault(Kind.BUSY, "it is asked as often as it may be", pace.retrySeconds(), null);
        }
    }

    String name() {
        return name;
    }

    /** What is known of it, beside the homes. */
    HomeView view() {
        String why = trouble;
        String last = answeredAt == 0
                ? "has answered nothing yet"
                : "last answered " + (time.wallMillis() - answeredAt) / 1_000 + " s ago";
        String counted = "; " + read.sum() + " reads were answered, " + failed.sum() + " not";
        return new HomeView(
                "upstream " + name,
                why == null ? ProviderState.CURRENT : ProviderState.DOWN,
                null,
                null,
                last + counted + (why == null ? "" : "; " + why));
    }
}
