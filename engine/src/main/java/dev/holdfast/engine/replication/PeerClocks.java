package dev.holdfast.engine.replication;

import dev.holdfast.engine.replication.ClockTalk.Heard;
import dev.holdfast.engine.replication.Registry.Registration;
import dev.holdfast.engine.replication.StoreStatus.ClockView;
import dev.holdfast.engine.time.ClockBounds;
import dev.holdfast.engine.time.ClockWatch;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far the clocks of the other nodes are from this one's, by the registrations that nodes write and read anyway. Each says what its
 * clock showed, and when by that clock it had read the others'; so a registration that comes back with what this node had said has made
 * a round, whose two ends this node knows. {@link #say} and {@link #hear} are for one thread; any may ask for the rest.
 */
final class PeerClocks {
    /** A registration is written every ten seconds, and answered in the next one of another node. */
    private static final int MOST_SAID = 20;
    /** What is said of more nodes would make the registrations long. */
    private static final int MOST_HEARD = 50;

    private final Time time;
    private final String node;
    /** When this node said what, by the clock that never steps back. */
    private final SequencedMap<Long, Long> said = new LinkedHashMap<>();

    private final Map<String, Registration> before = new TreeMap<>();
    private final Map<String, Heard> heard = new TreeMap<>();
    private final Map<String, ClockWatch> watches = new ConcurrentHashMap<>();

    /** @param node this one */
    PeerClocks(Time time, String node) {
        this.time = time;
        this.node = node;
    }

    /** What this node's registration is to say, which is about to be written. */
    ClockTalk say() {
        // First, so that nobody can have read it before.
        long nanos = time.nanos();
        long wall = time.wallMillis();
        // When this clock was set back meanwhile, what is heard of it may be either, and the earlier one is the safe
        // one.
        said.putIfAbsent(wall, nanos);
        if (said.size() > MOST_SAID) {
            said.pollFirstEntry();
        }
        return new ClockTalk(wall, Map.copyOf(heard));
    }

    /** @param others the registrations of the other nodes, which have just been read */
    void hear(Map<String, Registration> others) {
        before.keySet().retainAll(others.keySet());
        heard.keySet().retainAll(others.keySet());
        watches.keySet().retainAll(others.keySet());
        // After all of them were read, and so after each of their clocks was.
        long nanos = time.nanos();
        long wall = time.wallMillis();
        others.forEach((name, now) -> {
            Registration last = before.put(name, now);
            if (last != null
                    && now.published().newerThan(last.published())
                    && now.clocks().any()) {
                hear(name, last.clocks(), now.clocks(), wall, nanos);
            }
        });
    }

    /** What is found for the first time may be of any age, so this is only told of what has come since. */
    private void hear(String name, ClockTalk last, ClockTalk now, long wall, long nanos) {
        if (heard.containsKey(name) || heard.size() < MOST_HEARD) {
            heard.put(name, new Heard(now.at(), wall));
        }
        ClockWatch watch = watches.computeIfAbsent(name, _ -> new ClockWatch());
        Heard own = now.heard().get(node);
        Long saidAt = own == null || own.equals(last.heard().get(node)) ? null : said.get(own.said());
        if (own != null && saidAt != null) {
            watch.add(ClockBounds.of(own.said(), nanos - saidAt, own.readAt(), wall), wall, nanos);
        }
        // Last, as it is the newest that is known of that clock.
        watch.add(ClockBounds.of(now.at(), wall), wall, nanos);
    }

    /** Of those that have been heard of lately, by name. */
    List<ClockView> views() {
        List<ClockView> views = new ArrayList<>();
        new TreeMap<>(watches)
                .forEach((name, watch) ->
                        watch.bounds(time).ifPresent(bounds -> views.add(new ClockView("node " + name, bounds))));
        return views;
    }
}
