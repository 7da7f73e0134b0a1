package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Namespace.Policy;

/**
 * Where a namespace stands among those that want something of the store.
 *
 * @param tenant whose it is: an account
 * @param tier how much else depends on it, from 0 to {@link Policy#LAST_TIER}
 */
public record Standing(String tenant, int tier) {
    /** That of one of which nothing is known. */
    public static final Standing UNKNOWN = new Standing("", Policy.LAST_TIER);

    public static Standing of(Namespace namespace) {
        return new Standing(namespace.account(), namespace.policy().tier());
    }
}
