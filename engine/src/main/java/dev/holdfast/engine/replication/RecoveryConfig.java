package dev.holdfast.engine.replication;

/**
 * How fast a provider that was away is given its load back.
 *
 * @param maxLoad the load that it gets at most in a second, as a multiple of what it has been seen to bear; 0 for no bound
 * @param leastLoad calls a second that all nodes together may give it in any case, 1 or more
 */
public record RecoveryConfig(double maxLoad, double leastLoad) {
    public static final RecoveryConfig DEFAULT = new RecoveryConfig(2, 200);
}
