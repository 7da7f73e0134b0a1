package dev.holdfast.server.v1;

import dev.holdfast.engine.replication.ChangeLog.Position;
import java.util.Optional;

/** A place in the stream of one node, as clients keep it: {@code node.epoch.sequence}. The node's name may have dots. */
record EventId(String node, Position at) {

    /** Empty when the text is none. */
    static Optional<EventId> parse(String text) {
        int dot = text.lastIndexOf('.', text.lastIndexOf('.') - 1);
        try {
            return dot < 1
                    ? Optional.empty()
                    : Optional.of(new EventId(text.substring(0, dot), Position.parse(text.substring(dot + 1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return node + "." + at;
    }
}
