package dev.holdfast.engine.replication;

import java.util.function.Supplier;

/**
 * What the store should know of the request that a thread serves, besides what it asks. Bound to the thread, so that it need not be an
 * argument of everything on the way. Threads that the store starts for itself serve none.
 *
 * @param tier how much else depends on it, from 0 to {@link dev.holdfast.engine.kv.Namespace.Policy#LAST_TIER}
 */
public record Request(int tier) {
    private static final ScopedValue<Request> NOW = ScopedValue.newInstance();
    /** What the store asks for its own sake is what all others need. */
    private static final Request OWN = new Request(0);

    /** The one that the calling thread serves. */
    public static Request now() {
        return NOW.orElse(OWN);
    }

    /** The same of another tier. */
    public Request ofTier(int other) {
        return new Request(other);
    }

    /** Has the calling thread serve it until {@code call} is over. */
    public <T> T serve(Supplier<T> call) {
        return ScopedValue.where(NOW, this).call(call::get);
    }
}
