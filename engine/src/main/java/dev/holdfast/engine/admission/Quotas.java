package dev.holdfast.engine.admission;

import dev.holdfast.engine.admission.StoredUse.Stored;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Quota;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps namespaces and accounts within their quotas, in front of everything that a request costs. Whoever has none pays one look.
 *
 * <p>Requests are counted at this node alone, against its share: the quota divided by the registered origins, so that all of them
 * together never let more in. What is stored is the same at every node, and bounds writes that add something. Thread-safe.
 */
public final class Quotas implements AutoCloseable {
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final int RETRY_SECONDS = 4;
    private static final int RETRY_STORED_SECONDS = 30;

    private final Time time;
    private final Function<NamespaceId, Stored> stored;
    private final Supplier<Map<String, Quota>> ofAccounts;
    private final Function<String, List<Namespace>> namespaces;
    private final IntSupplier nodes;
    private final Map<NamespaceId, Meter> meters = new ConcurrentHashMap<>();
    private final Map<String, Meter> accountMeters = new ConcurrentHashMap<>();
    /** By those that are forgotten, which were refused all the same. */
    private final LongAdder forgotten = new LongAdder();

    private final Thread watch;
    private volatile Map<String, Quota> accounts = Map.of();
    private volatile Map<String, Stored> storedOfAccounts = Map.of();
    private volatile int origins;

    /** What was let in and what was not, since the start. */
    private static final class Meter {
        private final LongAdder let = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private volatile @Nullable Rate rate;
    }

    /**
     * Begins, with what is known of accounts now.
     *
     * @param stored what is stored in a namespace
     * @param ofAccounts the quotas of accounts that have one; read every second
     * @param namespaces the living ones of an account
     * @param nodes how many share a quota, 1 or more; asked every second, so it must be known and not be asked for
     */
    public Quotas(
            Time time,
            Function<NamespaceId, Stored> stored,
            Supplier<Map<String, Quota>> ofAccounts,
            Function<String, List<Namespace>> namespaces,
            IntSupplier nodes) {
        this.time = time;
        this.stored = stored;
        this.ofAccounts = ofAccounts;
        this.namespaces = namespaces;
        this.nodes = nodes;
        this.accounts = ofAccounts.get();
        this.origins = Math.max(1, nodes.getAsInt());
        this.watch = Background.start(time, "quotas", this::look);
    }

    /**
     * Use of a quota, at this node.
     *
     * @param let requests let in since the start, or since there is a quota
     * @param refused requests refused since then
     * @param perSecond this node's share of the quota's requests; 0 for no bound
     */
    public record Use(Quota quota, long let, long refused, double perSecond, Stored stored) {}

    private long look() {
        accounts = ofAccounts.get();
        Map<String, Stored> sums = new HashMap<>();
        accounts.keySet().forEach(account -> sums.put(account, sum(account)));
        storedOfAccounts = sums;
        origins = Math.max(1, nodes.getAsInt());
        return LOOK_NANOS;
    }

    /**
     * Lets a request in, and counts it.
     *
     * @param adds whether it may add to what is stored
     * @return null when it may go on; otherwise why not, and nothing has been spent on it
     */
    public @Nullable Refusal enter(Namespace namespace, boolean adds) {
        Quota own = namespace.policy().quota();
        Quota all = accounts.isEmpty() ? Quota.NONE : accounts.getOrDefault(namespace.account(), Quota.NONE);
        if (own.unlimited() && all.unlimited()) {
            return null;
        }
        return enter(namespace, own, all, adds);
    }

    private @Nullable Refusal enter(Namespace namespace, Quota own, Quota all, boolean adds) {
        Meter meter = own.unlimited() ? null : meter(meters, namespace.id());
        Meter ofAll = all.unlimited() ? null : meter(accountMeters, namespace.account());
        Refusal refusal = null;
        if (adds && own.ofStored()) {
            refusal = full(namespace, own, stored.apply(namespace.id()));
        }
        if (refusal == null && adds && all.ofStored()) {
            refusal = full(null, all, storedOf(namespace.account()));
        }
        if (refusal == null && meter != null) {
            refusal = rate(namespace, meter, own);
        }
        if (refusal == null && ofAll != null) {
            refusal = rate(null, ofAll, all);
        }
        count(meter, refusal == null);
        count(ofAll, refusal == null);
        return refusal;
    }

    private static void count(@Nullable Meter meter, boolean let) {
        if (meter != null) {
            (let ? meter.let : meter.refused).increment();
        }
    }

    private static <T> Meter meter(Map<T, Meter> meters, T of) {
        Meter meter = meters.get(of);
        return meter != null ? meter : meters.computeIfAbsent(of, named -> new Meter());
    }

    /** @param namespace null for the account */
    private static String named(@Nullable Namespace namespace) {
        return namespace == null ? "The account" : "The namespace \"" + namespace.title() + "\"";
    }

    private @Nullable Refusal full(@Nullable Namespace whose, Quota quota, Stored there) {
        if (!there.known()) {
            return null;
        }
        boolean keys = quota.keys() > 0 && there.keys() >= quota.keys();
        if (!keys && (quota.bytes() == 0 || there.bytes() < quota.bytes())) {
            return null;
        }
        String sentence = String.format(
                Locale.ROOT,
                "%s holds %,d %s, and its quota is %,d. Nothing was written. Delete some, or have the quota raised.",
                named(whose),
                keys ? there.keys() : there.bytes(),
                keys ? "keys" : "bytes",
                keys ? quota.keys() : quota.bytes());
        return new Refusal(Reason.QUOTA, sentence, RETRY_STORED_SECONDS + jitter(RETRY_STORED_SECONDS));
    }

    private @Nullable Refusal rate(@Nullable Namespace whose, Meter meter, Quota quota) {
        if (quota.requests() == 0) {
            return null;
        }
        long now = time.nanos();
        double share = (double) quota.requests() / origins;
        Rate rate = meter.rate;
        if (rate == null || rate.perSecond() != share) {
            rate = renewed(meter, share, now);
        }
        long wait = rate.take(now);
        if (wait == 0) {
            return null;
        }
        String sentence = named(whose) + " has had the " + quota.requests() + " requests a second of its quota"
                + (origins == 1 ? "" : ", which " + origins + " nodes share")
                + ". Nothing was done. Try again later.";
        return new Refusal(Reason.QUOTA, sentence, (int) Math.ceilDiv(wait, 1_000_000_000L) + jitter(RETRY_SECONDS));
    }

    private static Rate renewed(Meter meter, double share, long now) {
        synchronized (meter) {
            Rate rate = meter.rate;
            if (rate == null || rate.perSecond() != share) {
                rate = rate == null ? new Rate(share, now) : rate.changedTo(share, now);
                meter.rate = rate;
            }
            return rate;
        }
    }

    /** So that those who were refused together do not come together. */
    private int jitter(int seconds) {
        return time.random().nextInt(seconds);
    }

    /** Whether what is stored may have come to a bound, so that it should be counted. */
    public boolean pressed(Namespace namespace) {
        Quota all = accounts.getOrDefault(namespace.account(), Quota.NONE);
        return reached(namespace.policy().quota(), stored.apply(namespace.id()))
                || (all.ofStored() && reached(all, storedOf(namespace.account())));
    }

    private static boolean reached(Quota quota, Stored there) {
        return (quota.keys() > 0 && there.mostKeys() >= quota.keys())
                || (quota.bytes() > 0 && there.mostBytes() >= quota.bytes());
    }

    /** Whether what is stored in a namespace is bounded, by its own quota or its account's. */
    public boolean bounded(Namespace namespace) {
        return namespace.policy().quota().ofStored()
                || accounts.getOrDefault(namespace.account(), Quota.NONE).ofStored();
    }

    /** The sum over its namespaces; those that are not counted yet are taken for empty. */
    private Stored sum(String account) {
        Stored sum = Stored.UNKNOWN;
        for (Namespace namespace : namespaces.apply(account)) {
            Stored one = stored.apply(namespace.id());
            sum = new Stored(
                    sum.known() || one.known(),
                    sum.keys() + one.keys(),
                    sum.bytes() + one.bytes(),
                    sum.mostKeys() + one.mostKeys(),
                    sum.mostBytes() + one.mostBytes());
        }
        return sum;
    }

    /** As of a second ago at most. */
    private Stored storedOf(String account) {
        return storedOfAccounts.getOrDefault(account, Stored.UNKNOWN);
    }

    /** How a namespace stands to its quota. */
    public Use use(Namespace namespace) {
        return use(namespace.policy().quota(), meters.get(namespace.id()), stored.apply(namespace.id()));
    }

    /** How an account stands to its quota. */
    public Use useOf(String account) {
        Quota quota = accounts.getOrDefault(account, Quota.NONE);
        return use(quota, accountMeters.get(account), storedOf(account));
    }

    private Use use(Quota quota, @Nullable Meter meter, Stored there) {
        return new Use(
                quota,
                meter == null ? 0 : meter.let.sum(),
                meter == null ? 0 : meter.refused.sum(),
                (double) quota.requests() / origins,
                there);
    }

    /** Requests refused since the start; one that two quotas would refuse counts once for each of them. */
    public long refused() {
        return forgotten.sum()
                + meters.values().stream()
                        .mapToLong(meter -> meter.refused.sum())
                        .sum()
                + accountMeters.values().stream()
                        .mapToLong(meter -> meter.refused.sum())
                        .sum();
    }

    /** Keeps nothing of namespaces that are gone. */
    public void forget(Predicate<NamespaceId> gone) {
        meters.entrySet().removeIf(each -> {
            boolean is = gone.test(each.getKey());
            forgotten.add(is ? each.getValue().refused.sum() : 0);
            return is;
        });
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
