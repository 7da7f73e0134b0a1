package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several providers as one store: the way from a request to {@link Reads}, {@link Writes} and {@link Listings}, and the threads
 * that watch, level and tidy.
 *
 * <p>{@link #open} finds the node's bearings and serves at once; {@link #start} begins recovery and comparison, once the
 * namespaces are known. The store owns neither the providers nor the local store: close it first, then them.
 */
public final class ReplicatedStore implements Store, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicatedStore.class);
    private static final long HOUSEKEEPING_NANOS = 250_000_000L;
    private static final int TRIM_EVERY = 40;
    private static final int KEEP_EVERY = 240;

    private final Parts parts;
    private final Place place;
    private final String node;
    private final boolean restarted;
    private final Reads reads;
    private final Writes writes;
    private final KeptVersions keptVersions;
    private final Listings listings;
    private final Opening opening;
    private final Suspicion suspicion;
    private final Status status;
    private final Placement placement;
    private final SealsTold sealsTold;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Member, Thread> recoveries = new LinkedHashMap<>();
    private @Nullable Comparisons comparisons;
    private volatile @Nullable Scrubs scrubs;
    private long housekeeping;

    private ReplicatedStore(Start.Bearings bearings) {
        this.parts = bearings.parts();
        this.place = bearings.place();
        this.node = bearings.node();
        this.restarted = bearings.restarted();
        Overlay overlay = new Overlay(parts.hints(), parts.members(), parts.counters());
        this.suspicion = new Suspicion(parts);
        this.reads = new Reads(parts, overlay, suspicion);
        this.writes = new Writes(parts);
        this.keptVersions = new KeptVersions(parts, reads, writes);
        this.listings = new Listings(parts, reads);
        this.opening = new Opening(parts.seals(), reads);
        this.status = new Status(parts);
        this.placement =
                new Placement(parts, place, new ToldPlacements(parts, system(), nodes()), this::recover, this::forget);
        this.sealsTold = new SealsTold(parts, system(), nodes());
        suspicion.forgiving(restarted);
    }

    /**
     * @param node this node's name, the same for as long as the node exists, its disk lost or not, and no other node's: 1 to 64
     *     ASCII letters, digits, {@code -}, {@code _} or {@code .}
     * @param providers the placement, in the order of preference; their names must be unique
     * @throws LocalStoreFault when this node's own disk cannot be used, or belongs to another node
     */
    public static ReplicatedStore open(
            ReplicationConfig config, Time time, LocalStore local, String node, List<Provider> providers)
            throws LocalStoreFault, InterruptedException {
        return open(config, time, local, node, providers, Rules.NONE);
    }

    /** @param rules for namespaces that are sealed, or have a jurisdiction */
    public static ReplicatedStore open(
            ReplicationConfig config, Time time, LocalStore local, String node, List<Provider> providers, Rules rules)
            throws LocalStoreFault, InterruptedException {
        ReplicatedStore store = new ReplicatedStore(Start.find(config, time, local, node, providers, rules));
        new Peers(store.parts, store.registry(), node).meet();
        return store;
    }

    /** The name of the node to which a local store belongs; empty when no node has used it yet. */
    public static Optional<String> nodeOf(LocalStore local) throws LocalStoreFault {
        return new NodeMemory(local).node();
    }

    /** How often the node to which a local store belongs has been started with it; 0 for a new one. */
    public static long startsOf(LocalStore local) throws LocalStoreFault {
        return new NodeMemory(local).starts();
    }

    /** Has a new local store go on counting where one that is gone had come to. */
    public static void countOn(LocalStore local, long starts) throws LocalStoreFault {
        new NodeMemory(local).keepStarts(starts);
    }

    /** @param namespaces all that hold data, deleted ones included until they are purged */
    public synchronized void start(Supplier<List<NamespaceId>> namespaces) {
        Supplier<List<NamespaceId>> withSystem = () -> {
            List<NamespaceId> all = new ArrayList<>(namespaces.get());
            all.add(NamespaceId.SYSTEM);
            return all;
        };
        Comparisons passes =
                new Comparisons(parts, suspicion, new Collection(parts, parts.peers()::watermark), withSystem);
        comparisons = passes;
        Scrubs scrubbing = new Scrubs(parts, withSystem);
        scrubs = scrubbing;
        Time time = parts.time();
        parts.members().all().forEach(this::recover);
        if (restarted) {
            passes.request();
        }
        threads.add(Background.start(time, "compare", passes::run));
        threads.add(Background.start(time, "peers", new Peers(parts, registry(), node)::run));
        threads.add(Background.start(time, "housekeeping", this::keepHouse));
        if (!parts.residency().equals(Residency.ANYWHERE)) {
            threads.add(Background.start(time, "outside", new OutsideRemains(parts, scrubbing)::run));
        }
        if (!parts.seals().equals(Seals.NONE)) {
            threads.add(Background.start(time, "seals", sealsTold::tell));
        }
    }

    private synchronized void recover(Member member) {
        Comparisons passes = comparisons;
        if (passes != null) {
            Recovery recovery = new Recovery(parts, place, passes, member, node);
            recoveries.put(member, Background.start(parts.time(), "recover-" + member.name(), recovery::run));
        }
    }

    private synchronized void forget(Member member) {
        Background.end(recoveries.remove(member));
        member.close();
    }

    /** Which providers there are, and what becomes of them. */
    public Placement placement() {
        return placement;
    }

    /** Where each key lies, as the providers show it. */
    public HomesAudit homes() {
        return new HomesAudit(parts);
    }

    /**
     * How much of a namespace lies at the providers as ciphertext.
     *
     * @param seals whether what lies there in the clear is sealed on the way
     */
    public SealingRun sealing(NamespaceId namespace, boolean seals) {
        return new SealingRun(parts, sealsTold, namespace, seals);
    }

    /** Where the rows of each namespace are. */
    public ResidencyAudit residency() {
        return new ResidencyAudit(parts);
    }

    /** The providers that a node has been told to use no more, by name. */
    public static List<String> removedFrom(LocalStore local) throws LocalStoreFault {
        NodeMemory memory = new NodeMemory(local);
        List<String> removed = new ArrayList<>();
        for (String name : memory.withRoles()) {
            if (memory.role(name) == Role.REMOVED) {
                removed.add(name);
            }
        }
        return removed;
    }

    private long keepHouse() {
        Scrubs scrubbing = scrubs;
        if (scrubbing != null) {
            scrubbing.look();
        }
        for (Member member : parts.members().all()) {
            member.interruptOlderThan(parts.config().callTimeout().toNanos());
            member.ration.look(parts.peers().others() + 1);
        }
        if (housekeeping % KEEP_EVERY == 0) {
            rememberWhatIsBorne();
        }
        if (housekeeping++ % TRIM_EVERY == 0) {
            try {
                parts.feed().trim();
            } catch (LocalStoreFault fault) {
                LOG.error("the feed's log cannot be trimmed: {}", fault.getMessage());
            }
        }
        return HOUSEKEEPING_NANOS;
    }

    private void rememberWhatIsBorne() {
        for (Member member : parts.members().all()) {
            parts.memory().rememberBorne(member.name(), Math.round(member.ration.proven()));
        }
    }

    @Override
    public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
        if (parts.removal().found()) {
            return new Answer.Unavailable(parts.removal().refusal());
        }
        try {
            KeyRef ref = new KeyRef(namespace, key);
            return opening.answer(ref, mode == ReadMode.CACHED ? ReadMode.CONFIRMED : mode);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Unavailable(stopping());
        }
    }

    @Override
    public Written put(
            Namespace namespace, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
        KeyRef ref = new KeyRef(namespace.id(), key);
        return write(new Change(ref, false, value, metadata, expiration, namespace.policy()), condition);
    }

    @Override
    public Written delete(Namespace namespace, Key key, Condition condition) {
        KeyRef ref = new KeyRef(namespace.id(), key);
        return write(new Change(ref, true, new byte[0], new byte[0], Record.NEVER, namespace.policy()), condition);
    }

    private Written write(Change change, Condition condition) {
        if (parts.removal().found()) {
            return new Written.Refused(parts.removal().refusal());
        }
        try {
            if (condition instanceof Condition.None) {
                return plain(change);
            }
            return conditional(change, condition);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Written.Unknown(stopping());
        }
    }

    private Written plain(Change change) throws InterruptedException {
        Lock shared = parts.locks().writing(change.ref()).readLock();
        shared.lockInterruptibly();
        try {
            Written written = writes.write(change, true);
            return written == null ? new Written.Unknown(stopping()) : written;
        } finally {
            shared.unlock();
        }
    }

    /** Reads fresh and writes while every other write of the key on this node waits (DESIGN rule 12). */
    private Written conditional(Change change, Condition condition) throws InterruptedException {
        Change lit = new Change(
                change.ref(),
                change.delete(),
                change.value(),
                change.metadata(),
                change.expiration(),
                change.policy().withDarkWrites(false));
        Lock exclusive = parts.locks().writing(change.ref()).writeLock();
        exclusive.lockInterruptibly();
        try {
            // Once a write has been begun and overtaken, some home may hold it: then "nothing has happened" is not
            // known.
            for (boolean begun = false; ; begun = true) {
                Version current;
                switch (reads.get(change.ref(), ReadMode.FRESH)) {
                    case Answer.Unavailable(Refusal why) -> {
                        return begun ? new Written.Unknown(why) : new Written.Refused(why);
                    }
                    case Answer.Missing(var _, Freshness freshness) when freshness.confirmed() -> current = null;
                    case Answer.Found(Record record, Freshness freshness)
                    when freshness.confirmed() -> current = record.version();
                    case Answer.Missing missing -> {
                        return unconfirmed(begun);
                    }
                    case Answer.Found found -> {
                        return unconfirmed(begun);
                    }
                }
                if (!holds(condition, current)) {
                    return begun ? unconfirmed(true) : new Written.ConditionFailed(current);
                }
                Written written = writes.write(lit, false);
                if (written != null) {
                    return written;
                }
            }
        } finally {
            exclusive.unlock();
        }
    }

    private static Written unconfirmed(boolean begun) {
        Refusal why = new Refusal(
                Reason.UNCONFIRMED_ABSENCE,
                begun
                        ? "Another write came between. Read the key to see which one stands."
                        : "No provider whose word counts can say what the key holds now. Try again later.");
        return begun ? new Written.Unknown(why) : new Written.Refused(why);
    }

    private static boolean holds(Condition condition, @Nullable Version current) {
        return switch (condition) {
            case Condition.None() -> true;
            case Condition.Exists() -> current != null;
            case Condition.Absent() -> current == null;
            case Condition.Matches(Version version) -> version.equals(current);
        };
    }

    @Override
    public Written restore(Namespace namespace, Key key, Record record) {
        if (parts.removal().found()) {
            return new Written.Refused(parts.removal().refusal());
        }
        try {
            return keptVersions.write(new KeyRef(namespace.id(), key), record, namespace.policy());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Written.Unknown(stopping());
        }
    }

    @Override
    public Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        try {
            return opening.listing(namespace, keys(namespace, prefix, after, limit));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Listing.Unavailable(stopping());
        }
    }

    @Override
    public Listing keys(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        if (parts.removal().found()) {
            return new Listing.Unavailable(parts.removal().refusal());
        }
        try {
            return listings.list(namespace, prefix, after, limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Listing.Unavailable(stopping());
        }
    }

    @Override
    public Explanation explain(NamespaceId namespace, Key key) {
        try {
            List<HomeView> homes = status.homes(new KeyRef(namespace, key));
            return new Explanation(homes, get(namespace, key, ReadMode.CONFIRMED));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Explanation(List.of(), new Answer.Unavailable(stopping()));
        }
    }

    @Override
    public StoreStatus status() {
        return status.view(placement.strangers(), scrubbing());
    }

    /** What this node changes, to be read from any position on. */
    public ChangeLog changes() {
        return new NodeChanges(parts.feed(), node, parts.seals());
    }

    /** The store's own records. */
    public SystemRecords system() {
        return new StoredSystemRecords(this, new RegistryScan(parts));
    }

    /** The nodes over the same providers. */
    public Nodes nodes() {
        return new Nodes(parts, registry(), node);
    }

    private Registry registry() {
        return new Registry(system(), new RegistryScan(parts));
    }

    /**
     * Until when no other node has written to the providers since {@code nanos}, as far as this one knows; {@code nanos} if one may have.
     * It learns of a new one within some seconds. By {@code Time.nanos}.
     */
    public long aloneUntil(long nanos) {
        return parts.peers().aloneUntil(nanos);
    }

    /** Why this node serves nothing, when it was removed from the store. */
    public Optional<String> removed() {
        return parts.removal().found() ? Optional.of(parts.removal().sentence()) : Optional.empty();
    }

    /** The clock that stamps this node's versions. */
    public HybridClock clock() {
        return parts.clock();
    }

    /**
     * Has a comparison pass over all providers begin now; does nothing before {@link #start}.
     *
     * @return the number of the first pass that begins after this: once {@link Comparing#completed} has come to it, all has been
     *     compared since; 0 before the start
     */
    public synchronized long compareNow() {
        return comparisons == null ? 0 : comparisons.request();
    }

    /** What is known of comparing: the pass under way or the last one, and when the last complete one over all ended. */
    public synchronized Comparing comparing() {
        return comparisons == null
                ? new Comparing(false, 0, 0, 0, null)
                : new Comparing(
                        comparisons.running(),
                        comparisons.completed(),
                        comparisons.next(),
                        comparisons.finishedAt(),
                        comparisons.latest());
    }

    /**
     * @param running whether a pass is under way, or what follows from it
     * @param completed the number of the last complete pass over all providers since the node started; 0 for none
     * @param next the number that the next pass over all providers will have; 0 before the start
     * @param finishedAt when the last complete pass over all providers ended, in milliseconds since the Unix epoch; 0 for none
     * @param pass the one under way, or the last one, be it over all providers or over one that returns and those it is compared
     *     with; null before the first
     */
    public record Comparing(
            boolean running,
            long completed,
            long next,
            long finishedAt,
            @Nullable ComparisonPass pass) {}

    /**
     * Has every record of every provider read in full from now on, and what is damaged repaired; does nothing before {@link #start}.
     * A pass over a provider that is under way goes on where it is.
     */
    public void scrubNow() {
        Scrubs scrubbing = scrubs;
        if (scrubbing != null) {
            scrubbing.request();
        }
    }

    /** What that has come to. */
    public ScrubStatus scrubbing() {
        Scrubs scrubbing = scrubs;
        return scrubbing == null ? ScrubStatus.NONE : scrubbing.view();
    }

    private static Refusal stopping() {
        return new Refusal(Reason.LOCAL_DISK_FAILED, "The node is stopping.");
    }

    /** Ends the threads. Requests still under way are answered first by whoever serves them. */
    @Override
    public synchronized void close() {
        threads.addAll(recoveries.values());
        Background.end(threads);
        threads.clear();
        recoveries.clear();
        Scrubs scrubbing = scrubs;
        if (scrubbing != null) {
            scrubbing.close();
        }
        rememberWhatIsBorne();
        parts.feed().close();
        parts.members().all().forEach(Member::close);
    }
}
