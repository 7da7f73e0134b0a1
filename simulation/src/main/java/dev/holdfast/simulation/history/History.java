package dev.holdfast.simulation.history;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All that happened in a run, in order. Confined to the run. */
public final class History {
    /** How far a node's clock may be off, in either direction. */
    public static final long MOST_SKEW_NANOS = 2_000_000_000L;

    /** Something done to the world. */
    public record Incident(int at, long nanos, String what) {
        @Override
        public String toString() {
            return Millis.inColumn(nanos) + "  " + what;
        }
    }

    private record Unvouched(Key key, Version version) {}

    private final List<Operation> operations = new ArrayList<>();
    private final List<Operation> listings = new ArrayList<>();
    private final List<Incident> incidents = new ArrayList<>();
    private final List<Telling> tellings = new ArrayList<>();
    private final List<NearRead> nearReads = new ArrayList<>();
    private final Map<String, NavigableSet<Long>> changes = new HashMap<>();
    private final Map<String, NavigableSet<Long>> edgeChanges = new HashMap<>();
    private final Set<Unvouched> unvouched = new HashSet<>();
    private final NavigableSet<Long> settles = new TreeSet<>();
    private boolean slowWays;
    private int clock;
    private int faults;

    /** The next place in the order of events. */
    public int tick() {
        return clock++;
    }

    /** Ways to providers are so slow now and then that a node gives up one that nothing ails. */
    public void slowWays() {
        slowWays = true;
    }

    public boolean waysAreSlow() {
        return slowWays;
    }

    public void add(Operation operation) {
        operations.add(operation);
        if (operation.kind() == Operation.Kind.LIST) {
            listings.add(operation);
        }
    }

    public void incident(long nanos, String what) {
        incidents.add(new Incident(tick(), nanos, what));
    }

    public void add(NearRead read) {
        nearReads.add(read);
    }

    /** Reads that may be answered from near, in the order of their answers. */
    public List<NearRead> nearReads() {
        return nearReads;
    }

    /** An edge was given this version by an origin that did not vouch for it. */
    public void unvouched(Key key, Version version) {
        unvouched.add(new Unvouched(key, version));
    }

    /** Whether any edge has ever been given this version so. */
    public boolean wasUnvouched(Key key, Version version) {
        return unvouched.contains(new Unvouched(key, version));
    }

    public void add(Telling telling) {
        tellings.add(telling);
    }

    /** In the order in which they were told. */
    public List<Telling> tellings() {
        return tellings;
    }

    /** In the order in which they were answered. */
    public List<Operation> operations() {
        return operations;
    }

    /** A node dies or serves again, whichever it is. */
    public void nodeChanges(String node, long nanos) {
        changes.computeIfAbsent(node, any -> new TreeSet<>()).add(nanos);
    }

    /** Whether the node died or began to serve in this time. */
    public boolean nodeChanged(String node, long fromNanos, long toNanos) {
        NavigableSet<Long> own = changes.get(node);
        Long next = own == null ? null : own.ceiling(fromNanos);
        return next != null && next <= toNanos;
    }

    /** An edge dies or serves again, whichever it is. */
    public void edgeChanges(String edge, long nanos) {
        edgeChanges.computeIfAbsent(edge, any -> new TreeSet<>()).add(nanos);
    }

    /** Whether the node or edge died or began to serve in this time. */
    public boolean restarted(String place, long fromNanos, long toNanos) {
        NavigableSet<Long> own = edgeChanges.get(place);
        Long next = own == null ? null : own.ceiling(fromNanos);
        return (next != null && next <= toNanos) || nodeChanged(place, fromNanos, toNanos);
    }

    /** Whether some node died or began to serve in this time. */
    public boolean nodesChanged(long fromNanos, long toNanos) {
        for (String node : changes.keySet()) {
            if (nodeChanged(node, fromNanos, toNanos)) {
                return true;
            }
        }
        return false;
    }

    /** Every node says that every home holds everything, its own hints included. */
    public void settled(long nanos) {
        settles.add(nanos);
    }

    /** When it did so next after this time; null when it has not since. */
    public @Nullable Long settledSince(long nanos) {
        return settles.ceiling(nanos);
    }

    /** One more thing goes wrong. */
    public void fault() {
        faults++;
    }

    /** How many things have gone wrong: faults of providers and disks, crashes of nodes, steps of clocks. */
    public int faults() {
        return faults;
    }

    public List<Incident> incidents() {
        return incidents;
    }

    /** Listings in the order of answers. */
    public List<Operation> listings() {
        return listings;
    }

    /**
     * Whether a write that nobody acknowledged may have a newer version than {@code later}. A node stamps each of its writes above those
     * before it. But another one's clock may be ahead, and what it could not send, though the call has long ended, it gives to the
     * providers whenever it comes back; at the latest by when all is well again.
     */
    public boolean mayFollow(Operation unacknowledged, Operation later) {
        if (!unacknowledged.before(later)) {
            return true;
        }
        Long settled = settledSince(unacknowledged.endNanos());
        return !unacknowledged.node().equals(later.node()) && (settled == null || settled > later.beginNanos());
    }
}
