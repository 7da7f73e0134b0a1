package dev.holdfast.engine.replication;

import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the store should know of the request that a thread serves, besides what it asks. Bound to the thread, so that it need not be an
 * argument of everything on the way. Threads that the store starts for itself serve none.
 *
 * @param tier how much else depends on it, from 0 to {@link dev.holdfast.engine.kv.Namespace.Policy#LAST_TIER}
 * @param until when nobody waits for the answer any more, by {@link dev.holdfast.engine.time.Time#nanos}; null when that is not known
 * @param unhurried whether nobody waits for it at all, and it may as well be done later
 */
public record Request(int tier, @Nullable Long until, boolean unhurried) {
    private static final ScopedValue<Request> NOW = ScopedValue.newInstance();
    /** What the store asks for its own sake is what all others need. */
    private static final Request OWN = new Request(0, null, false);

    /** The one that the calling thread serves. */
    public static Request now() {
        return NOW.orElse(OWN);
    }

    /** One that is waited for until then. */
    public static Request until(long nanos) {
        return new Request(0, nanos, false);
    }

    /** One that nobody waits for. */
    public static Request whenThereIsRoom() {
        return new Request(0, null, true);
    }

    /** The same of another tier. */
    public Request ofTier(int other) {
        return new Request(other, until, unhurried);
    }

    /** Has the calling thread serve it until {@code call} is over. */
    public <T> T serve(Supplier<T> call) {
        return ScopedValue.where(NOW, this).call(call::get);
    }

    /** Whether nobody waits for the answer any more. */
    public boolean over(long nowNanos) {
        return until != null && nowNanos - until >= 0;
    }

    /** The sooner of its end and {@code deadline}. */
    public long atMost(long deadline) {
        return until != null && until - deadline < 0 ? until : deadline;
    }

    /** Why nothing is done for it once it is over. */
    public static Refusal overdue() {
        return new Refusal(
                Reason.OVERDUE, "The time that the caller gives the request is over. Nothing was done. Try again.");
    }
}
