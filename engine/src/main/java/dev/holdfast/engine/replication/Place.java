package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Vitals;
import dev.holdfast.engine.replication.NodeMemory.Remembered;
import dev.holdfast.engine.time.Time;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a provider is still the place that this node remembers (DESIGN rule 6): same identity, and not behind the newest
 * version it was seen to hold. A place that was wiped, replaced or restored from an older state is taken in, with its word in
 * doubt until it has been compared. Thread-safe.
 */
final class Place {
    private static final Logger LOG = LoggerFactory.getLogger(Place.class);

    private final Time time;
    private final Members members;
    private final NodeMemory memory;
    private final HybridClock clock;
    private final Marks marks;
    private final Removal removal;

    Place(Time time, Members members, NodeMemory memory, HybridClock clock, Marks marks, Removal removal) {
        this.time = time;
        this.members = members;
        this.memory = memory;
        this.clock = clock;
        this.marks = marks;
        this.removal = removal;
    }

    /**
     * Looks at the place, and makes one where there is none.
     *
     * @param newStore whether no provider holds anything yet, so that an empty place, or one of which this node knows
     *     nothing, lacks nothing
     */
    void inspect(Member member, boolean newStore) throws ProviderFault, LocalStoreFault {
        String name = member.name();
        Optional<Remembered> before = memory.provider(name);
        Optional<Identity> found = member.call(provider -> provider.identity());
        if (found.isEmpty()) {
            long generation = before.map(b -> b.identity().generation()).orElse(0L) + 1;
            Identity fresh = new Identity(freshId(), generation);
            if (!newStore) {
                members.lost(member, before.isPresent() ? "its place has been wiped" : "its place is new");
                oweIfUnknown(member, before);
            }
            Identity made = member.call(provider -> provider.initialise(fresh));
            // After, not before: a crash in between leaves a place that is not known yet, not one that seems to be
            // wiped.
            memory.rememberIdentity(name, made);
            if (made.equals(fresh)) {
                LOG.info("provider {} has a new, empty place, generation {}", name, generation);
            } else {
                LOG.info(
                        "provider {} has a new place, which another node has made, generation {}",
                        name,
                        made.generation());
            }
            return;
        }
        removal.foundAt(member);
        if (before.isEmpty()) {
            if (!newStore) {
                // The doubt before the identity: a crash in between must not leave a place that is known and not in
                // doubt.
                members.unknown(member, "this node does not know its place yet");
                oweIfUnknown(member, before);
            }
            follow(member, member.call(provider -> provider.probe()));
            memory.rememberIdentity(name, found.get());
            return;
        }
        if (!before.get().identity().equals(found.get())) {
            members.lost(member, "its place has been replaced");
            memory.rememberIdentity(name, found.get());
            return;
        }
        checkVitals(member);
    }

    private void checkVitals(Member member) throws ProviderFault, LocalStoreFault {
        Optional<Remembered> before = remembered(member);
        learn(member, before, member.call(provider -> provider.probe()));
    }

    /**
     * Checks that a place known before has not gone back in time, and learns how far it has come.
     *
     * @param before what was remembered of it before its vitals were taken: what was learned meanwhile proves nothing
     */
    void learn(Member member, Optional<Remembered> before, Vitals vitals) throws LocalStoreFault {
        if (before.isEmpty()) {
            return;
        }
        if (!before.get().identity().equals(vitals.identity())) {
            members.lost(member, "its place has been replaced");
            memory.rememberIdentity(member.name(), vitals.identity());
            return;
        }
        if (before.get().highWater().newerThan(vitals.highWater())) {
            members.lost(
                    member,
                    "it holds nothing newer than version " + vitals.highWater() + ", though it once held "
                            + before.get().highWater());
        }
        if (!vitals.highWater().equals(before.get().highWater())) {
            memory.rememberHighWater(member.name(), vitals.highWater());
        }
        follow(member, vitals);
    }

    /** A node that remembers nothing of a provider may have had hints for it, and lost them with its memory. */
    private void oweIfUnknown(Member member, Optional<Remembered> before) throws LocalStoreFault {
        if (before.isEmpty()) {
            marks.owe(member);
        }
    }

    /** Stamps from now on above all that the provider holds: a node without its reservation may itself have stamped that. */
    private void follow(Member member, Vitals vitals) {
        if (!clock.observe(vitals.highWater())) {
            LOG.warn(
                    "provider {} holds version {}, further ahead of this node's clock than it may follow",
                    member,
                    vitals.highWater());
        }
    }

    /** As it was when its vitals were last taken, and since then by what it has acknowledged to this run of the node. */
    Optional<Remembered> remembered(Member member) throws LocalStoreFault {
        return memory.provider(member.name()).map(last -> last.upTo(member.acknowledged()));
    }

    private String freshId() {
        return HexFormat.of().toHexDigits(time.random().nextLong())
                + HexFormat.of().toHexDigits(time.random().nextLong());
    }
}
