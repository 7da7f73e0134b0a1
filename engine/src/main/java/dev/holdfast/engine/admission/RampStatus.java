package dev.holdfast.engine.admission;

import dev.holdfast.engine.admission.Gates.Setting;
import java.time.Duration;
import java.util.List;

/**
 * A ramp at a moment, for people.
 *
 * @param phase running, paused, done or aborted
 * @param begunAt milliseconds since the Unix epoch
 * @param endedAt the same, 0 while it goes on
 * @param by who has begun it
 * @param wave the number of the wave that is opening, from 1
 * @param holding why it does not go on now: what is outside its bound; empty when nothing is
 * @param waiting why it does not go on though nothing is outside its bound: too few calls have come to tell; empty when it does
 * @param calm for how long all has been inside the bounds
 * @param left how long it takes yet if nothing goes wrong
 * @param seen the last look at the store
 * @param byHand gates that people have set since it began
 * @param notKept why the node's disk does not keep where it is; empty when it does
 * @param history what has happened, the oldest first
 */
public record RampStatus(
        String phase,
        long begunAt,
        long endedAt,
        String by,
        String why,
        int wave,
        List<WaveView> waves,
        List<String> notes,
        String holding,
        String waiting,
        Duration calm,
        Duration left,
        Look seen,
        List<Setting> byHand,
        String notKept,
        List<RampEvent> history) {
    public RampStatus {
        waves = List.copyOf(waves);
        notes = List.copyOf(notes);
        byHand = List.copyOf(byHand);
        history = List.copyOf(history);
    }

    /** Whether it is over. */
    public boolean over() {
        return endedAt != 0;
    }

    /**
     * A wave.
     *
     * @param share of its keys that are let in, in percent
     * @param state waits, opens, open or skipped
     * @param keys how many of the hottest keys are let in, of their wave
     */
    public record WaveView(int number, RampPlan.Wave wave, int share, String state, int keys) {}

    /**
     * What was seen of the store since the look before.
     *
     * @param calls that ended
     * @param errors the share of them that failed
     * @param p99Millis one in a hundred took longer at the store
     * @param waitP99Millis one in a hundred waited longer for its turn
     * @param busy the share of what the store bears at a time that was under way
     */
    public record Look(long calls, double errors, double p99Millis, double waitP99Millis, double busy) {
        static Look of(Signals.Seen seen) {
            return new Look(
                    seen.calls(),
                    seen.calls() == 0 ? 0 : (double) seen.failed() / seen.calls(),
                    seen.p99Millis(),
                    seen.waitP99Millis(),
                    seen.busy());
        }
    }
}
