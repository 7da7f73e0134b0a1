package dev.holdfast.engine.admission;

import java.time.Duration;

/**
 * How fast a ramp goes, and within which bounds.
 *
 * @param look how often the store is looked at
 * @param calm for how long it must have been inside all bounds before the next step
 * @param patience for how long it may be outside before a step is taken back
 * @param maxErrors the share of calls that may fail, 0 to 1
 * @param maxP99 longer may at most one call in a hundred take at the store
 * @param maxWait longer may at most one call in a hundred wait for its turn, or be refused
 * @param maxConcurrency the share of what the store bears at a time that may be under way, 0 to 1; 1 for no bound
 * @param maxGrowth the load that is let in grows at most so many times with a step, more than 1
 */
public record RampConfig(
        Duration look,
        Duration calm,
        Duration patience,
        double maxErrors,
        Duration maxP99,
        Duration maxWait,
        double maxConcurrency,
        double maxGrowth) {
    public static final RampConfig DEFAULT = new RampConfig(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            0.01,
            Duration.ofMillis(500),
            Duration.ofMillis(200),
            0.9,
            8);
}
