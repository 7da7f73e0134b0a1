package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Registry.Registration;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What this node knows of the other origins over the same providers: whether there are any, for which providers they hold hints,
 * and how old those may be. Thread-safe.
 */
final class PeerView {
    /** A node that has not published its registration for this long is not running, or reaches no provider. */
    static final long SILENT_MILLIS = 60_000;

    /** Marks read longer ago than this are no evidence that a provider lacks nothing. */
    private static final long FRESH_NANOS = 3_000_000_000L;

    private final Time time;
    private final Members members;
    private final Presence presence;
    private volatile State state;
    private volatile int others;
    private volatile Alone alone;

    /**
     * @param nodes the other registered nodes, by name
     * @param marks the other nodes that hold hints for a provider, by the provider's name, with the version of the mark
     * @param readAt when this was read, by the clock that never steps back
     */
    record State(Map<String, Registration> nodes, Map<String, Map<String, Version>> marks, long readAt) {}

    /**
     * When there was no other node last, which may be now.
     *
     * @param since a node that was there before is not alive any more, or this one was not yet
     * @param until who came after that shows itself before it writes, and was not found then
     */
    private record Alone(long since, long until) {}

    /** @param others how many other nodes were registered when this node last ran */
    PeerView(Time time, Members members, Presence presence, int others) {
        this.time = time;
        this.members = members;
        this.presence = presence;
        this.others = others;
        this.state = new State(Map.of(), Map.of(), time.nanos() - 2 * FRESH_NANOS);
        this.alone = new Alone(time.nanos(), time.nanos());
    }

    void read(State now) {
        state = now;
        if (now.nodes.isEmpty()) {
            // Before the others are gone, since they are looked for first.
            alone = new Alone(others == 0 ? alone.since : now.readAt, now.readAt);
        }
        others = now.nodes.size();
        Long lostAt = members.lostAt();
        if (lostAt != null && allHeardOfSince(lostAt)) {
            members.noMarkIsLost(lostAt);
        }
    }

    /**
     * No provider vouches for all that was read, so what was not found proves nothing. But a mark that was made or taken back since
     * it was last seen has been made or taken back, whoever says so.
     *
     * @param made by provider and node, with the version
     * @param takenBack by provider and node, with the version of taking back
     */
    void readInPart(Map<String, Map<String, Version>> made, Map<String, Map<String, Version>> takenBack) {
        State before = state;
        Map<String, Map<String, Version>> marks = new TreeMap<>();
        for (Map<String, Map<String, Version>> some : List.of(before.marks, made)) {
            some.forEach((provider, nodes) -> nodes.forEach((node, version) ->
                    marks.computeIfAbsent(provider, any -> new TreeMap<>()).merge(node, version, Version::newest)));
        }
        marks.forEach((provider, nodes) -> nodes.entrySet()
                .removeIf(mark -> takenBack
                        .getOrDefault(provider, Map.of())
                        .getOrDefault(mark.getKey(), Version.NONE)
                        .newerThan(mark.getValue())));
        state = new State(before.nodes, marks, before.readAt);
    }

    int others() {
        return others;
    }

    /** Until when no other node has written since {@code nanos}; {@code nanos} if one may have. */
    long aloneUntil(long nanos) {
        boolean stillAlone = others == 0;
        Alone last = alone;
        if (nanos - last.since < 0) {
            return nanos;
        }
        long until = stillAlone ? time.nanos() : last.until;
        return until - nanos > 0 ? until : nanos;
    }

    /** The other nodes that hold hints for a provider. */
    Set<String> marking(Member member) {
        return state.marks.getOrDefault(member.name(), Map.of()).keySet();
    }

    /** Whether the marks of other nodes, if there are any, were read just now, and since every provider came to its present state. */
    boolean marksAreKnown() {
        long readAt = state.readAt;
        return others == 0
                || (time.nanos() - readAt < FRESH_NANOS
                        && noMarkIsLost()
                        && members.all().stream().allMatch(member -> member.health.movedAt() - readAt <= 0));
    }

    /** No hint of another node is older; {@link Version#MAX} without others. */
    Version watermark() {
        State now = state;
        if (others > now.nodes.size()) {
            return Version.NONE;
        }
        Version least = Version.MAX;
        for (Registration node : now.nodes.values()) {
            least = node.watermark().compareTo(least) < 0 ? node.watermark() : least;
        }
        return least;
    }

    /**
     * Whether these providers together know all that any node has acknowledged: there is no other node, or they are all and no mark
     * is lost, or the marks were read just now and every other node has been writing to one of these.
     *
     * @param all how many there are at which what is asked for may lie
     */
    boolean knowAll(List<Member> some, int all) {
        if (others == 0) {
            return true;
        }
        if (some.size() == all) {
            return noMarkIsLost();
        }
        State now = state;
        if (others > now.nodes.size() || time.nanos() - now.readAt >= FRESH_NANOS) {
            return false;
        }
        return now.nodes.keySet().stream().allMatch(node -> presence.writesTo(node, some));
    }

    /**
     * What another node holds for one provider it has marked at the others. A place that has lost something may have lost that; then
     * the node must have written since to one of them, to which it owes nothing.
     */
    private boolean noMarkIsLost() {
        Long lostAt = members.lostAt();
        return lostAt == null || allHeardOfSince(lostAt);
    }

    private boolean allHeardOfSince(long nanos) {
        State now = state;
        return others <= now.nodes.size()
                && now.nodes.keySet().stream().allMatch(node -> presence.writtenTo(node, members.all(), nanos));
    }

    /** For how many milliseconds each node has been silent that has been so for too long. */
    Map<String, Long> silent() {
        Map<String, Long> silent = new TreeMap<>();
        state.nodes.forEach((name, node) -> {
            long millis = time.wallMillis() - node.published().millis();
            if (millis > SILENT_MILLIS) {
                silent.put(name, millis);
            }
        });
        return silent;
    }

    /** The providers that a node has marked. */
    Set<String> markedBy(String node) {
        Set<String> marked = new TreeSet<>();
        state.marks.forEach((provider, nodes) -> {
            if (nodes.containsKey(node)) {
                marked.add(provider);
            }
        });
        return marked;
    }
}
