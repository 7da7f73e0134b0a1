package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.Registry.Registration;
import dev.holdfast.engine.replication.Registry.Snapshot;
import dev.holdfast.engine.time.Time;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers this node with the others over the same providers, and reads what they have to say (DESIGN rules 2 and 5). A provider
 * that another node has marked is not current here until the mark is gone and it has been compared.
 *
 * <p>A background thread of its own runs {@link #run} again and again.
 */
final class Peers {
    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
    private static final long EVERY_NANOS = 1_000_000_000L;
    private static final int PUBLISH_EVERY = 10;
    /** Each leaves those that meet a stamp or two less in common. */
    private static final int MOST_MEETINGS = 10;

    /** A node that has just started gets to know the others sooner. */
    private static final int EARLY_ROUNDS = 10;

    private static final long EARLY_NANOS = 100_000_000L;

    private final Parts parts;
    private final Time time;
    private final Members members;
    private final Registry registry;
    private final String node;
    private int round;

    Peers(Parts parts, Registry registry, String node) {
        this.parts = parts;
        this.time = parts.time();
        this.members = parts.members();
        this.registry = registry;
        this.node = node;
    }

    /**
     * Nodes that are new at the same moment may have drawn the same stamp, and none finds the other's registration yet. So a new one
     * shows its own before it looks for theirs, and all this before any client's write is stamped: of two nodes one looks after the
     * other has shown its own.
     */
    void meet() throws InterruptedException, LocalStoreFault {
        boolean again = parts.stamps().unmet() && !parts.removal().found();
        for (int i = 0; i < MOST_MEETINGS && again; i++) {
            registry.publish(
                    node, watermark(), parts.stamps().both(), parts.clocks().say());
            Snapshot found = registry.read();
            Map<String, Registration> others = new TreeMap<>(found.nodes());
            others.remove(node);
            again = parts.stamps().meet(others, found.complete());
        }
        if (members.lostAt() != null && !parts.removal().found()) {
            // Until it is known whom to wait for, nothing is vouched for: a lone node knows at once that there is
            // nobody.
            read();
        }
    }

    long run() throws InterruptedException {
        if (parts.removal().found()) {
            return EVERY_NANOS;
        }
        boolean due = round++ % PUBLISH_EVERY == 0;
        boolean early = round <= EARLY_ROUNDS;
        if (due) {
            registry.publish(
                    node, watermark(), parts.stamps().both(), parts.clocks().say());
        }
        lookAtPlaces();
        if (due || parts.peers().others() > 0) {
            read();
        }
        return early ? EARLY_NANOS : EVERY_NANOS;
    }

    private void lookAtPlaces() throws InterruptedException {
        try {
            // First what was left in the round before: by now a place may have been put back to before that.
            parts.presence().look();
            parts.presence().show();
        } catch (LocalStoreFault fault) {
            LOG.error("the other nodes cannot see this one, since its disk fails: {}", fault.getMessage());
        }
    }

    /** The version of the oldest hint; without hints, one older than any write still under way. */
    private Version watermark() {
        long settled = time.wallMillis() - 2 * parts.config().writeTimeout().toMillis();
        Version watermark = Version.atMillis(settled);
        try {
            for (Member member : members.all()) {
                Optional<Version> oldest = parts.hints().oldest(member);
                if (oldest.isPresent() && watermark.newerThan(oldest.get())) {
                    watermark = oldest.get();
                }
            }
            return watermark;
        } catch (LocalStoreFault fault) {
            return Version.NONE;
        }
    }

    private void read() throws InterruptedException {
        long began = time.nanos();
        Snapshot found = registry.read();
        if (found.removed().contains(node)) {
            parts.removal().find();
        }
        Map<String, Map<String, Version>> marks = new TreeMap<>(found.marks());
        marks.remove(node);
        if (!found.complete()) {
            // Else two nodes, each of which waits for the other's marks to be gone before it takes any provider's word,
            // wait for ever.
            parts.peers().readInPart(Registry.byProvider(marks), Registry.byProvider(found.takenBack()));
            return;
        }
        Map<String, Registration> others = new TreeMap<>(found.nodes());
        others.remove(node);
        parts.clocks().hear(others);
        remember(others.size());
        parts.stamps().keepApart(others);
        PeerView.State state = new PeerView.State(others, Registry.byProvider(marks), began);
        parts.peers().read(state);
        for (Member member : members.all()) {
            if (found.marksOf(node).contains(member.name())) {
                parts.marks().found(member);
            }
            Set<String> nodes = parts.peers().marking(member);
            // One that is to be compared stays so for as long as the marks stand; a new doubt each time would keep the
            // comparison from ever counting.
            if (!nodes.isEmpty() && !member.health.mustCompare()) {
                members.lied(member, "node " + String.join(", node ", nodes) + " holds writes that it has missed");
            }
        }
    }

    private void remember(int others) {
        try {
            if (others != parts.peers().others()) {
                parts.memory().rememberPeers(others);
                LOG.info("{} other nodes are registered with the providers", others);
            }
        } catch (LocalStoreFault fault) {
            LOG.error("the number of other nodes cannot be kept on this node's disk: {}", fault.getMessage());
        }
    }
}
