package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers this node with the others over the same providers, and reads what they have to say (DESIGN rules 2 and 5): the record
 * {@code node/name} holds the version below which the node has no hint left, and {@code dirty/provider/name} whether it has hints
 * for a provider. A provider that another node has marked is not current here until the mark is gone and it has been compared.
 *
 * <p>A background thread of its own runs {@link #run} again and again.
 */
final class Peers {
    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
    private static final String NODE = "node/";
    private static final long EVERY_NANOS = 1_000_000_000L;
    private static final int PUBLISH_EVERY = 10;

    private final Parts parts;
    private final Time time;
    private final Members members;
    private final SystemRecords records;
    private final String node;
    private int round;

    Peers(Parts parts, SystemRecords records, String node) {
        this.parts = parts;
        this.time = parts.time();
        this.members = parts.members();
        this.records = records;
        this.node = node;
    }

    long run() {
        boolean due = round++ % PUBLISH_EVERY == 0;
        if (due) {
            records.put(Key.of(NODE + node), utf8(watermark().toString()));
        }
        if (due || parts.peers().others() > 0) {
            read();
        }
        return EVERY_NANOS;
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

    private void read() {
        long began = time.nanos();
        int[] others = new int[1];
        Version[] watermark = {Version.MAX};
        boolean complete = records.each(utf8(NODE), (key, value) -> {
            if (!key.toString().equals(NODE + node)) {
                others[0]++;
                Version theirs = Version.parse(new String(value, StandardCharsets.UTF_8));
                watermark[0] = theirs.compareTo(watermark[0]) < 0 ? theirs : watermark[0];
            }
        });
        Set<String> marked = new TreeSet<>();
        complete &= others[0] == 0
                || records.each(utf8(Marks.PREFIX), (key, value) -> {
                    String[] path = key.toString().split("/", 3);
                    if (!path[2].equals(node) && Marks.isDirty(value)) {
                        marked.add(path[1]);
                    }
                });
        if (!complete) {
            return;
        }
        remember(others[0]);
        parts.peers().read(new PeerView.State(others[0], marked, watermark[0], began));
        for (Member member : members.all()) {
            if (marked.contains(member.name())) {
                members.lied(member, "another node holds writes that it has missed");
            }
        }
    }

    private void remember(int others) {
        try {
            if (others != parts.peers().others()) {
                parts.memory().keepNumber("peers", others);
                LOG.info("{} other nodes are registered with the providers", others);
            }
        } catch (LocalStoreFault fault) {
            LOG.error("the number of other nodes cannot be kept on this node's disk: {}", fault.getMessage());
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
