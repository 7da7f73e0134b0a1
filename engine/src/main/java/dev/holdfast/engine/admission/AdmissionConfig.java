package dev.holdfast.engine.admission;

import java.time.Duration;

/**
 * How much may be under way at the store, and how fast it may be filled again.
 *
 * @param leastCalls calls under way below which nobody is kept waiting, however slow the store is; 1 or more
 * @param mostCalls calls under way beyond which others wait, however fast it is
 * @param waiting how many may wait for a turn; beyond, one of the lowest tier is refused
 * @param patience for how long a call may wait for its turn
 * @param maxLoad while the store recovers, the load it gets at most, as a multiple of what it has borne; 0 for no bound
 * @param leastLoad calls a second that it gets then in any case, 1 or more
 */
public record AdmissionConfig(
        int leastCalls, int mostCalls, int waiting, Duration patience, double maxLoad, double leastLoad) {
    public static final AdmissionConfig DEFAULT = new AdmissionConfig(64, 4096, 4096, Duration.ofSeconds(1), 2, 200);
}
