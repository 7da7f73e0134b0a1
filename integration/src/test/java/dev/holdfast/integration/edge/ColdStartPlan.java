package dev.holdfast.integration.edge;

/**
 * What is played.
 *
 * @param readsPerSecond that users want, at random times (Poisson)
 * @param keys of the namespaces, of tier 0, 1, 2 and 3
 * @param cycleSeconds in which each key is asked for again: ten times to live, since all nodes hear of every change
 * @param steadySeconds after all is warm, before the trigger; what a node has borne is on its disk once a minute
 * @param coldSeconds after it
 * @param calmSeconds for which 99 % of a tier's requests have to be answered until it counts as back
 */
record ColdStartPlan(
        double readsPerSecond, int[] keys, int cycleSeconds, int steadySeconds, int coldSeconds, int calmSeconds) {
    /** What a provider serves: two to four times what it is asked for when all is well, four calls of it by the node for its own sake. */
    static final int CALLS_PER_SECOND = 50;

    /** Of a tier's namespace in all reads. */
    static final double[] SHARES = {0.1, 0.2, 0.4, 0.3};

    int seconds() {
        return ColdStartRun.IDLE_SECONDS + cycleSeconds + steadySeconds + coldSeconds + 60;
    }
}
