package dev.holdfast.simulation.world;

import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.Store;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is asked over a wire: a node that runs, or an edge. */
public interface Serving {
    Store store();

    /** The same with near answers before it, which all calls pass; null when it keeps none. */
    default @Nullable NearStore near() {
        return null;
    }

    /** What it tells of changes; null when it keeps no log of that. */
    @Nullable
    ChangeLog changes();

    /** Where such a one runs, with interruptions. */
    interface Host {
        String name();

        /** As {@link Machine#ask}. */
        <T> @Nullable T serve(Function<Serving, T> call, T whenDead);
    }
}
