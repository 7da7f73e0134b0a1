package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.MergedScan.Merged;
import dev.holdfast.engine.time.Time;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One comparison pass over all namespaces, in constant memory ({@link NamespaceComparison}). Every key whose newest version some provider
 * lacks is levelled ({@link Levelling}). Belongs to one thread.
 */
final class Comparison {
    private static final Logger LOG = LoggerFactory.getLogger(Comparison.class);

    private final Parts parts;
    private final Time time;
    private final Floors floors;
    private final List<Member> compared;
    private final double yield;
    private final BatchSize batchSize;
    private final Tally tally;
    private final MassDeletes deletes;
    private final Levelling levelling;

    /**
     * @param compared the providers to level
     * @param yield how long to rest after a page, as a multiple of the time it took
     * @param batchSize how many keys are levelled at a time
     */
    Comparison(Parts parts, List<Member> compared, double yield, BatchSize batchSize) {
        this.parts = parts;
        this.time = parts.time();
        this.floors = new Floors(parts);
        this.compared = compared;
        this.yield = yield;
        this.batchSize = batchSize;
        this.tally = new Tally(time, parts.counters(), compared);
        this.deletes = new MassDeletes(parts);
        this.levelling = new Levelling(parts, compared, tally, deletes);
    }

    /**
     * Compares the system namespace, the known ones, and those of which the providers' catalogue has an entry: a node that has
     * just lost its memory, or just joined, knows of none.
     *
     * @return whether every key of every provider was seen, and all that differed was made equal
     */
    boolean run(Collection<NamespaceId> known) throws InterruptedException {
        boolean whole = false;
        try {
            whole = compareAll(known);
        } finally {
            tally.end(whole);
        }
        return whole;
    }

    /** What it has come to so far. */
    Tally tally() {
        return tally;
    }

    private boolean compareAll(Collection<NamespaceId> known) throws InterruptedException {
        for (Member member : compared) {
            member.compared.set(0);
            member.comparingSince = time.wallMillis();
        }
        Set<NamespaceId> found = new LinkedHashSet<>();
        compare(NamespaceId.SYSTEM, compared, key -> namespaceOf(key).ifPresent(found::add));
        found.addAll(known);
        found.remove(NamespaceId.SYSTEM);
        for (NamespaceId namespace : found) {
            if (!levelling.sound()) {
                return false;
            }
            compare(namespace, within(namespace), null);
        }
        return levelling.sound();
    }

    /** Those alone at which records of the namespace may lie; as long as that is not known, the pass is not sound. */
    private List<Member> within(NamespaceId namespace) {
        if (!parts.residency().known(namespace)) {
            LOG.warn("namespace {} cannot be compared before the catalogue says where its records may lie", namespace);
            levelling.spoil();
        }
        return parts.members().of(namespace).of(compared);
    }

    private static Optional<NamespaceId> namespaceOf(Key key) {
        String name = key.toString();
        try {
            return name.startsWith(SystemRecords.NAMESPACE_ENTRY)
                    ? Optional.of(NamespaceId.parse(name.substring(SystemRecords.NAMESPACE_ENTRY.length())))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            LOG.warn("catalogue entry {} names no namespace", key);
            return Optional.empty();
        }
    }

    /** Whether it stopped because it would have spread too many deletes. */
    boolean massDelete() {
        return deletes.tooMany();
    }

    /** @param seen is told of every key, if anybody has to be */
    private void compare(NamespaceId namespace, List<Member> among, @Nullable Consumer<Key> seen)
            throws InterruptedException {
        Levelling level = among.size() == compared.size() ? levelling : levelling.among(among);
        new NamespaceComparison(parts, among, namespace, level, deletes, tally, batchSize, yield, seen).run();
        if (levelling.sound() && !floors.level(among, namespace)) {
            levelling.spoil();
        }
    }

    /**
     * Levels one key of which a provider holds damaged bytes.
     *
     * @param head what the provider says that it holds; null when that is damaged, too
     * @return whether all were asked, and hold the same now as far as there is anything whole to hold
     */
    boolean levelDamaged(KeyRef ref, Member damaged, @Nullable Head head) {
        Map<Member, Head> heads = head == null ? Map.of() : Map.of(damaged, head);
        levelling.level(ref.namespace(), List.of(new Merged(ref.key(), heads, Set.of(damaged))));
        return levelling.sound();
    }
}
