package dev.holdfast.server.api;

import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.server.http.Call;

/**
 * Keeps edges from asking each other in a circle: what an edge asks is refused by a node that itself hears of changes by way of that edge,
 * since it may have to ask there. Changes would go round for ever, and questions wait for each other. Thread-safe.
 */
public final class Via {
    /** Header of every request of an edge: the name of its process. */
    public static final String HEADER = "Holdfast-Via";

    /** Code of the refusal. */
    public static final String LOOP = "loop";

    private final ChangeLog log;

    /** @param log of this node, which knows by way of whom it hears of changes */
    public Via(ChangeLog log) {
        this.log = log;
    }

    /** To be called again for an answer that goes on: by way of whom this node hears of changes is not known from the beginning. */
    public void pass(Call call) throws ApiError {
        String edge = call.header(HEADER);
        if (edge == null) {
            return;
        }
        if (edge.equals(log.node())) {
            throw new ApiError(508, LOOP, "The edge " + edge + " names itself among its origins.");
        }
        if (log.through().contains(edge)) {
            throw new ApiError(
                    508,
                    LOOP,
                    "The edge " + edge + " must not ask the edge " + log.node() + ", which itself has that edge, or one"
                            + " that asks it, among its origins.");
        }
    }
}
