package dev.holdfast.engine.replication;

import java.util.Locale;

/**
 * What the store makes of a provider now.
 *
 * <pre>
 *   from          on                                             to
 *   CURRENT       lies, or answers late or wrongly too often     SUSPECT
 *   CURRENT       does not answer                                DOWN
 *   SUSPECT       does not answer                                DOWN
 *   SUSPECT,DOWN  enough good probes in a row                    CATCHING_UP
 *   CATCHING_UP   any evidence against it                        SUSPECT or DOWN
 *   CATCHING_UP   hints drained, and compared where needed       CURRENT
 * </pre>
 *
 * The last provider that is current never becomes suspect: its word is all there is.
 */
public enum ProviderState {
    /** Holds every acknowledged write; its word counts. */
    CURRENT,
    /** Answers, and its word does not count. Writes go to the hint log. */
    SUSPECT,
    /** Does not answer. Writes go to the hint log. */
    DOWN,
    /** Answers again and is being given what it has missed. Writes go to it; its word does not count yet. */
    CATCHING_UP;

    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
