package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.Registry.Registration;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a version that tells one node from another (DESIGN rule 9). There are {@value Version#STAMPS}, and nobody gives them
 * out. A node has two and takes the other one at each start, so that one whose disk was copied does not repeat its versions, and a
 * start needs nobody's leave. It draws them at random when it is new, from those that no registration names; of two nodes that
 * meet with the same, the one whose name comes later draws again.
 *
 * <p>Belongs to one thread at a time.
 */
final class Stamps {
    private static final Logger LOG = LoggerFactory.getLogger(Stamps.class);
    private static final String USED = "stamp";
    private static final String RESTING = "stamp/resting";
    private static final String MET = "stamp/met";

    private final NodeMemory memory;
    private final Time time;
    private final HybridClock clock;
    private final String node;
    private volatile int resting;

    Stamps(NodeMemory memory, Time time, HybridClock clock, String node) throws LocalStoreFault {
        this.memory = memory;
        this.time = time;
        this.clock = clock;
        this.node = node;
        this.resting = (int) memory.number(RESTING);
    }

    /** The stamp of this start; the one of the last start rests. */
    static int fresh(NodeMemory memory, Time time) throws LocalStoreFault {
        int before = memory.knows(USED) ? (int) memory.number(USED) : free(time, Set.of());
        int rested = memory.knows(RESTING) ? (int) memory.number(RESTING) : before;
        // They are the same, too, when the last start was cut short between the two lines below.
        int fresh = rested == before ? free(time, Set.of(before)) : rested;
        memory.keepNumber(RESTING, before);
        memory.keepNumber(USED, fresh);
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

    /** Both, for the registration. */
    Set<Integer> both() {
        return new TreeSet<>(List.of(clock.stamp(), resting));
    }

    /** At a start, when nobody can have seen a version of this run yet: leaves those alone that others have. */
    void avoid(Set<Integer> taken) throws LocalStoreFault {
        if (taken.contains(clock.stamp()) || taken.contains(resting)) {
            drawAgain(taken);
        }
    }

    /** Whether the stamps were drawn without anybody's having seen them. */
    boolean unmet() throws LocalStoreFault {
        return !memory.knows(MET);
    }

    /**
     * Draws again if another node has one of the stamps. Whoever is new yields, whatever its name: the other one may not have looked
     * since.
     *
     * @param complete whether these are all
     * @return whether it has drawn, and must be shown and looked for again
     */
    boolean meet(Map<String, Registration> others, boolean complete) throws LocalStoreFault {
        Set<Integer> taken = new TreeSet<>();
        others.values().forEach(other -> taken.addAll(other.stamps()));
        if (taken.contains(clock.stamp()) || taken.contains(resting)) {
            drawAgain(taken);
            return true;
        }
        if (complete) {
            memory.keepNumber(MET, 1);
        }
        return false;
    }

    /** While the node runs. */
    void keepApart(Map<String, Registration> others) {
        Set<Integer> taken = new TreeSet<>();
        boolean yields = false;
        for (Map.Entry<String, Registration> other : others.entrySet()) {
            Set<Integer> theirs = other.getValue().stamps();
            taken.addAll(theirs);
            boolean same = theirs.contains(clock.stamp()) || theirs.contains(resting);
            yields |= same && other.getKey().compareTo(node) < 0;
        }
        if (!yields) {
            return;
        }
        try {
            Set<Integer> before = both();
            drawAgain(taken);
            LOG.info(
                    "another node stamps its versions with one of {}, too; this one uses {} from now on",
                    before,
                    both());
        } catch (LocalStoreFault fault) {
            LOG.error("a stamp of its own cannot be kept on this node's disk: {}", fault.getMessage());
        }
    }

    private void drawAgain(Set<Integer> taken) throws LocalStoreFault {
        int used = free(time, taken);
        Set<Integer> more = new TreeSet<>(taken);
        more.add(used);
        int rests = free(time, more);
        memory.keepNumber(RESTING, rests);
        memory.keepNumber(USED, used);
        resting = rests;
        clock.stampAs(used);
    }
}
