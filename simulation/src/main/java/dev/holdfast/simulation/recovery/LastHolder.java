package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.coldstart.Felt;

/** Nothing that is taken out for its health checks is the last that has the data. */
final class LastHolder implements Check {
    private final Felt felt;
    private final int reads;
    private final int from;
    private final int to;

    /**
     * @param reads which of the felt shares
     * @param from when its health checks begin to fail, in seconds since the beginning
     * @param to when they no longer do
     */
    LastHolder(Felt felt, int reads, int from, int to) {
        this.felt = felt;
        this.reads = reads;
        this.from = from;
        this.to = to;
    }

    @Override
    public Finding judge() {
        double answered = felt.share(reads, from, to);
        return new Finding(
                "the last holder of the data is not taken out",
                answered == 1,
                "While its health checks failed, " + Words.percent(answered)
                        + " of the reads were answered with a value.");
    }
}
