package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.coldstart.Felt;

/** Once the trigger is gone the providers are asked for at most twice what they had borne before (promise P6). */
final class LoadBounded implements Check {
    private static final double MOST = 2;

    private final Felt felt;
    private final int before;
    private final int from;
    private final int to;

    /**
     * @param before seconds since the beginning until when all was well
     * @param from when the trigger is gone
     * @param to the end
     */
    LoadBounded(Felt felt, int before, int from, int to) {
        this.felt = felt;
        this.before = before;
        this.from = from;
        this.to = to;
    }

    double times() {
        return Back.most(felt, from, to) / Back.most(felt, 0, before);
    }

    @Override
    public Finding judge() {
        return new Finding(
                "at most twice the load of before",
                times() <= MOST,
                "The providers were asked at most " + Words.times(times())
                        + " times as much as in the busiest ten seconds before.");
    }
}
