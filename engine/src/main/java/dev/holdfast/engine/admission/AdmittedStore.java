package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.replication.Limit;
import dev.holdfast.engine.replication.Request;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store to which only so much comes as it bears, and only what the gates let through: what lies between the near cache and the providers
 * of an origin, or the origins of an edge. A read that is kept out is answered by the near cache with what it knows, if it knows
 * anything (promise P3). Thread-safe.
 */
public final class AdmittedStore implements Store, AutoCloseable {
    private static final byte[] BORNE = "admission/borne".getBytes(StandardCharsets.US_ASCII);
    private static final long KEEP_NANOS = 60_000_000_000L;
    /** For how long all must have been away that its return is a recovery: caches of nodes have aged by then. */
    private static final long AWAY_NANOS = 5_000_000_000L;

    private static final long PRESENT = Long.MIN_VALUE;

    private final Store store;
    private final Time time;
    private final Gates gates;
    private final Admission admission;
    private final Load load;
    private final Ramp ramp;
    private final Function<NamespaceId, Standing> standings;
    private final LocalStore local;
    private final AtomicLong awaySince = new AtomicLong(PRESENT);
    private final LongAdder keptOut = new LongAdder();
    private final Thread keeper;

    private AdmittedStore(
            Store store,
            Time time,
            Gates gates,
            AdmissionConfig config,
            RampConfig bounds,
            Function<NamespaceId, Standing> standings,
            LocalStore local,
            double borne)
            throws LocalStoreFault {
        this.store = store;
        this.time = time;
        this.gates = gates;
        this.admission = new Admission(time, config, bounds, borne);
        this.load = new Load(time);
        this.ramp = Ramp.open(time, local, gates, load, admission, bounds);
        this.standings = standings;
        this.local = local;
        this.keeper = Background.start(time, "admission", this::keep);
    }

    /**
     * Begins, with the gates and the load that is known to be borne from earlier processes.
     *
     * @param bounds of ramps
     * @param standings of each namespace
     * @param local where both are kept
     */
    public static AdmittedStore open(
            Store store,
            Time time,
            AdmissionConfig config,
            RampConfig bounds,
            Function<NamespaceId, Standing> standings,
            LocalStore local)
            throws LocalStoreFault {
        Gates gates = Gates.open(time, local);
        byte[] kept = local.get(Table.NODE, BORNE);
        double borne = kept == null ? 0 : ByteBuffer.wrap(kept).getDouble();
        return new AdmittedStore(store, time, gates, config, bounds, standings, local, borne);
    }

    private long keep() {
        load.age();
        gates.keep();
        byte[] borne = ByteBuffer.allocate(Double.BYTES)
                .putDouble(admission.status().borne())
                .array();
        try {
            local.commit(new Batch().put(Table.NODE, BORNE, borne));
        } catch (LocalStoreFault unkept) {
            // What is kept is a little older then; the disk's fault is told where writes need it.
            return KEEP_NANOS;
        }
        return KEEP_NANOS;
    }

    public Gates gates() {
        return gates;
    }

    /** How gates open step by step after an outage. */
    public Ramp ramp() {
        return ramp;
    }

    /** What comes to the store now, from memory. */
    public AdmissionStatus admission() {
        return admission.status();
    }

    /** How many calls a gate has kept out since the start. */
    public long keptOut() {
        return keptOut.sum();
    }

    @Override
    public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
        return admitted(
                namespace,
                Limit.Kind.READ,
                () -> mayPass(namespace, key),
                () -> store.get(namespace, key, mode),
                Answer.Unavailable::new,
                answer -> answer instanceof Answer.Unavailable(Refusal why) ? why : null);
    }

    @Override
    public Written put(
            Namespace namespace, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
        return write(namespace, key, () -> store.put(namespace, key, value, metadata, expiration, condition));
    }

    @Override
    public Written delete(Namespace namespace, Key key, Condition condition) {
        return write(namespace, key, () -> store.delete(namespace, key, condition));
    }

    @Override
    public Written restore(Namespace namespace, Key key, Record record) {
        return write(namespace, key, () -> store.restore(namespace, key, record));
    }

    private Written write(Namespace namespace, Key key, Supplier<Written> call) {
        return admitted(
                namespace.id(),
                Limit.Kind.WRITE,
                () -> mayPass(namespace.id(), key),
                call,
                Written.Refused::new,
                written -> switch (written) {
                    case Written.Refused(Refusal why) -> why;
                    case Written.Unknown(Refusal why) -> why;
                    case Written.Acknowledged _, Written.ConditionFailed _ -> null;
                });
    }

    @Override
    public Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        return admitted(
                namespace,
                Limit.Kind.LIST,
                () -> {
                    load.note(namespace);
                    return gates.admitsAll(namespace);
                },
                () -> store.list(namespace, prefix, after, limit),
                Listing.Unavailable::new,
                listing -> listing instanceof Listing.Unavailable(Refusal why) ? why : null);
    }

    private boolean mayPass(NamespaceId namespace, Key key) {
        load.note(namespace, key);
        return gates.admits(namespace, key);
    }

    /** What an answer refuses, null for nothing. */
    private interface Refused<T> {
        @Nullable
        Refusal why(T answer);
    }

    /** How a refusal is told. */
    private interface Refusing<T> {
        T because(Refusal why);
    }

    private <T> T admitted(
            NamespaceId namespace,
            Limit.Kind kind,
            BooleanSupplier may,
            Supplier<T> call,
            Refusing<T> refusing,
            Refused<T> refused) {
        if (!may.getAsBoolean()) {
            keptOut.increment();
            return refusing.because(gates.refusal(namespace));
        }
        Standing standing = standings.apply(namespace);
        Refusal full = admission.enter(namespace, standing, kind);
        if (full != null) {
            return refusing.because(full);
        }
        long began = time.nanos();
        boolean answered = false;
        boolean failed = true;
        try {
            T answer = Request.now().ofTier(standing.tier()).serve(call);
            Refusal why = refused.why(answer);
            answered = why == null;
            failed = why != null && why.reason() != Reason.GATE;
            heard(why);
            return answer;
        } finally {
            admission.leave(namespace, standing, kind, began, answered, failed);
        }
    }

    /** Learns whether anybody is there, and has the store recover when it is back. */
    private void heard(@Nullable Refusal why) {
        long since = awaySince.get();
        if (why != null && why.reason() == Reason.NO_PROVIDER) {
            if (since == PRESENT) {
                awaySince.compareAndSet(PRESENT, time.nanos());
            }
        } else if (why == null && since != PRESENT && awaySince.compareAndSet(since, PRESENT)) {
            if (time.nanos() - since > AWAY_NANOS) {
                admission.recover();
            }
        }
    }

    /** It asks every home, so it costs more than a read. */
    @Override
    public Explanation explain(NamespaceId namespace, Key key) {
        return admitted(
                namespace,
                Limit.Kind.READ,
                () -> mayPass(namespace, key),
                () -> store.explain(namespace, key),
                why -> new Explanation(List.of(), new Answer.Unavailable(why)),
                told -> told.answer() instanceof Answer.Unavailable(Refusal why) ? why : null);
    }

    @Override
    public StoreStatus status() {
        return store.status();
    }

    @Override
    public void close() {
        ramp.close();
        Background.end(keeper);
    }
}
