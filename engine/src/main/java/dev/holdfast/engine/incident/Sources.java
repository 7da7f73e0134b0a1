package dev.holdfast.engine.incident;

import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.Traffic;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.ReplicatedStore.Comparing;
import dev.holdfast.engine.replication.StoreStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Where evidence comes from. All of it answers from memory.
 *
 * @param store the providers and what waits for them
 * @param traffic what becomes of requests
 * @param contradictions how many answers were less than this node's cache knows, since the start
 * @param tiers of namespaces
 * @param gated whether an operator keeps a namespace from the store, so that nobody is to be woken for it
 * @param comparing what comparisons find
 * @param feeds those that an edge follows
 * @param expiries what is good for a time only
 * @param backups why there is no backup, or none that is fresh, as a sentence; empty while all is well
 */
public record Sources(
        Supplier<StoreStatus> store,
        Traffic traffic,
        LongSupplier contradictions,
        ToIntFunction<NamespaceId> tiers,
        Predicate<NamespaceId> gated,
        Supplier<Comparing> comparing,
        Supplier<List<Feed>> feeds,
        Supplier<List<Expiry>> expiries,
        Supplier<Optional<String>> backups) {

    /**
     * A feed that an edge follows.
     *
     * @param origin whose it is
     * @param silentMillis for how long nothing has been heard
     */
    public record Feed(String origin, long silentMillis) {}

    /**
     * Something that is good for a time only.
     *
     * @param name what it is, for people, such as {@code The certificate of example.org}
     * @param among of which there may be so many that all of them are told of as one, such as {@code tokens}; empty for one of its own
     * @param at when that ends, in milliseconds since the Unix epoch
     * @param warnMillis how long before that somebody has to know
     * @param afterwards how bad it is once it is over, since those who are turned away for it show in no count
     */
    public record Expiry(String name, String among, long at, long warnMillis, Severity afterwards) {}

    /** Of a node whose clients all come through {@code near}, and nothing else. */
    public static Sources of(NearStore near, ToIntFunction<NamespaceId> tiers) {
        return new Sources(
                near::status,
                near.traffic(),
                () -> near.edge().counters().contradictions(),
                tiers,
                _ -> false,
                () -> new Comparing(false, 0, 0, 0, null),
                List::of,
                List::of,
                Optional::empty);
    }

    public Sources withGates(Predicate<NamespaceId> gates) {
        return new Sources(store, traffic, contradictions, tiers, gates, comparing, feeds, expiries, backups);
    }

    public Sources withComparing(Supplier<Comparing> passes) {
        return new Sources(store, traffic, contradictions, tiers, gated, passes, feeds, expiries, backups);
    }

    public Sources withFeeds(Supplier<List<Feed>> followed) {
        return new Sources(store, traffic, contradictions, tiers, gated, comparing, followed, expiries, backups);
    }

    public Sources withExpiries(Supplier<List<Expiry>> more) {
        return new Sources(store, traffic, contradictions, tiers, gated, comparing, feeds, more, backups);
    }

    public Sources withBackups(Supplier<Optional<String>> trouble) {
        return new Sources(store, traffic, contradictions, tiers, gated, comparing, feeds, expiries, trouble);
    }
}
