package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.Registry.Registration;
import dev.holdfast.engine.time.Time;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a version that tells one node from another (DESIGN rule 9). There are {@value Version#STAMPS}, and nobody gives them
 * out: a node takes another one at each start, at random, so that one whose disk was copied or restored does not repeat its versions;
 * of two that meet with the same, the one whose name comes later moves on. A registration shows the stamp it was made with.
 *
 * <p>Belongs to one thread at a time.
 */
final class Stamps {
    private static final Logger LOG = LoggerFactory.getLogger(Stamps.class);
    private static final String KEPT = "stamp";

    private final NodeMemory memory;
    private final Time time;
    private final HybridClock clock;
    private final String node;

    Stamps(NodeMemory memory, Time time, HybridClock clock, String node) {
        this.memory = memory;
        this.time = time;
        this.clock = clock;
        this.node = node;
    }

    /** Another one than at the last start. */
    static int fresh(NodeMemory memory, Time time) throws LocalStoreFault {
        int before = memory.knows(KEPT) ? (int) memory.number(KEPT) : Version.STAMPS;
        int fresh = free(time, Set.of(before));
        memory.keepNumber(KEPT, fresh);
        return fresh;
    }

    private static int free(Time time, Set<Integer> taken) {
        int first = time.random().nextInt(Version.STAMPS);
        for (int i = 0; i < Version.STAMPS; i++) {
            int stamp = (first + i) % Version.STAMPS;
            if (!taken.contains(stamp)) {
                return stamp;
            }
        }
        return first;
    }

    /** At a start, when nobody can have seen a version of this run yet: leaves those alone that are in use. */
    void avoid(Set<Integer> taken) throws LocalStoreFault {
        if (taken.contains(clock.stamp())) {
            take(taken);
        }
    }

    /** While the node runs. */
    void keepApart(Map<String, Registration> others) {
        Set<Integer> taken = new TreeSet<>();
        boolean yields = false;
        for (Map.Entry<String, Registration> other : others.entrySet()) {
            int stamp = other.getValue().published().stamp();
            taken.add(stamp);
            yields |= stamp == clock.stamp() && other.getKey().compareTo(node) < 0;
        }
        if (!yields) {
            return;
        }
        try {
            int own = clock.stamp();
            take(taken);
            LOG.info("another node stamps its versions with {}, too; this one uses {} from now on", own, clock.stamp());
        } catch (LocalStoreFault fault) {
            LOG.error("a stamp of its own cannot be kept on this node's disk: {}", fault.getMessage());
        }
    }

    private void take(Set<Integer> taken) throws LocalStoreFault {
        int free = free(time, taken);
        memory.keepNumber(KEPT, free);
        clock.stampAs(free);
    }
}
