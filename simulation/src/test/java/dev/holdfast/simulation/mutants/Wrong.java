package dev.holdfast.simulation.mutants;

import dev.holdfast.client.transport.Response;
import dev.holdfast.engine.kv.Version;

/** What mutants do instead. */
public final class Wrong {
    private Wrong() {}

    /** {@link Version#of} without the counter. */
    public static Version of(long millis, int counter, int stamp) {
        return Version.of(millis, 0, stamp);
    }

    /** As if every answer were the newest as of when it was asked for. */
    public static long vouchedAt(Response<?> response, long asked) {
        return asked;
    }

    /** {@code Turns.weight} the other way round: bulk first. */
    public static double weight(int tier) {
        return 1 << (3 * tier);
    }
}
