package dev.holdfast.engine.incident;

import dev.holdfast.engine.incident.Sources.Feed;
import java.util.function.Consumer;

/** What is wrong with this node itself, or with the others: its disk, its clock, the feeds that it follows, nodes that are silent, what expires. */
final class NodeDetector implements Detector {
    private static final long SILENT_MILLIS = 5_000;
    /** A clock that is led by a time server is moved by less at a time. */
    private static final long STEP_MILLIS = 1_000;

    private static final long HELD_NANOS = 60_000_000_000L;

    private final Held held = new Held(HELD_NANOS);
    private long wallAhead;
    private long quarantined;
    private boolean begun;

    @Override
    public void look(Observation now, Consumer<Finding> found) {
        disk(now, found);
        clock(now);
        for (Feed feed : now.feeds()) {
            if (feed.silentMillis() > SILENT_MILLIS) {
                found.accept(new Finding(
                        AlarmKind.FEED,
                        feed.origin(),
                        "silent",
                        "Nothing has been heard of the changes at origin " + feed.origin() + " for some seconds."));
            }
        }
        now.store()
                .silentNodes()
                .keySet()
                .forEach(node -> found.accept(new Finding(
                        AlarmKind.FEED,
                        "node " + node,
                        "silent node",
                        "Node " + node + " has not been heard of for minutes.")));
        Expiries.look(now.expiries(), now.wall(), found);
        held.forEach(now.nanos(), found);
    }

    private void disk(Observation now, Consumer<Finding> found) {
        long refused = now.flows().stream().mapToLong(FlowDelta::local).sum();
        if (refused > 0 || now.diskFails()) {
            held.found(
                    new Finding(AlarmKind.DISK, "node", "disk", "This node's disk does not take what has to be kept."),
                    now.nanos());
        } else if (now.store().hints().alarm() && !held.has(AlarmKind.DISK, "node")) {
            found.accept(new Finding(
                    AlarmKind.DISK, "node", "disk", "This node's disk has less room than the alarm asks for."));
        }
    }

    private void clock(Observation now) {
        long ahead = now.wall() - now.nanos() / 1_000_000;
        if (begun && Math.abs(ahead - wallAhead) > STEP_MILLIS) {
            held.found(
                    new Finding(
                            AlarmKind.CLOCK,
                            "node",
                            "step",
                            "This node's clock was set by " + (ahead - wallAhead)
                                    + " ms, or the machine was suspended."),
                    now.nanos());
        }
        wallAhead = ahead;
        long aside = now.store().counters().quarantined();
        if (begun && aside > quarantined) {
            held.found(
                    new Finding(
                            AlarmKind.CLOCK,
                            "others",
                            "ahead",
                            "A provider holds records that are further ahead than any clock can be; they are set"
                                    + " aside."),
                    now.nanos());
        }
        quarantined = aside;
        begun = true;
    }
}
