package dev.holdfast.engine.replication;

/**
 * How fast a provider that was away is given its load back.
 *
 * @param maxLoad the load that it gets at most in a second, as a multiple of what it has been seen to bear; 0 for no bound
 * @param leastLoad calls a second that all nodes together may give it in any case, 1 or more
 * @param ejectShare of the providers that may be given up within a minute for being late, 0 to 1; one may be in any case
 */
public record RecoveryConfig(double maxLoad, double leastLoad, double ejectShare) {
    public static final RecoveryConfig DEFAULT = new RecoveryConfig(2, 200, 0.5);
}
