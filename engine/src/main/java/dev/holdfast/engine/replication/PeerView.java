package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.time.Time;
import java.util.Set;

/**
 * What this node knows of the other origins over the same providers: whether there are any, for which providers they hold hints,
 * and how old those may be. Thread-safe.
 */
final class PeerView {
    /** Marks read longer ago than this are no evidence that a provider lacks nothing. */
    private static final long FRESH_NANOS = 3_000_000_000L;

    private final Time time;
    private volatile State state;

    /**
     * @param others how many other nodes are registered
     * @param marked names of the providers for which one of them holds hints
     * @param watermark no hint of theirs is older; {@link Version#MAX} without others
     * @param readAt when this was read, by the clock that never steps back
     */
    record State(int others, Set<String> marked, Version watermark, long readAt) {}

    /** @param others how many other nodes were registered when this node last ran */
    PeerView(Time time, int others) {
        this.time = time;
        this.state =
                new State(others, Set.of(), others == 0 ? Version.MAX : Version.NONE, time.nanos() - 2 * FRESH_NANOS);
    }

    void read(State now) {
        state = now;
    }

    int others() {
        return state.others;
    }

    boolean marked(Member member) {
        return state.marked.contains(member.name());
    }

    Version watermark() {
        return state.watermark;
    }

    /** Whether the word of one provider alone can be taken: there is no other node, or its marks were read just now. */
    boolean trustsOne() {
        return state.others == 0 || time.nanos() - state.readAt < FRESH_NANOS;
    }
}
