package dev.holdfast.simulation.world;

import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store.Written;
import java.util.List;

/** What a reader can have done at a place. */
interface Caller {
    /** @param session how far the reader has come elsewhere, for who can be told that */
    NearAnswer read(Key key, List<Point> session);

    NearAnswer confirmed(Key key);

    /** @param expiration seconds since 1970, or {@code Record.NEVER} */
    Written put(Key key, byte[] value, long expiration);

    Written delete(Key key);
}
