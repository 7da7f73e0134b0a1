package dev.holdfast.simulation.recovery;

/** A plan that comes late does not take the place of a newer one, so that tidying up does not take the plan in force. */
final class LatePlan implements Check {
    private final long newest;
    private final boolean canInsist;
    private long plain;
    private long insisting;

    /**
     * @param newest number of the plan that must be in force
     * @param canInsist whether a write can insist on what its writer has read
     */
    LatePlan(long newest, boolean canInsist) {
        this.newest = newest;
        this.canInsist = canInsist;
    }

    /**
     * To which plan the endpoint leads.
     *
     * @param insisted whether the writers insisted on what they had read
     * @param number of the plan; 0 where there is none
     */
    void leads(boolean insisted, long number) {
        if (insisted) {
            insisting = number;
        } else {
            plain = number;
        }
    }

    private static String endpoint(long number) {
        return number == 0 ? "leads to nothing" : "has the addresses of plan " + number;
    }

    @Override
    public Finding judge() {
        String words = canInsist
                ? "Written only if what its writer had read was still there (If-Match), the late plan "
                        + (insisting == newest ? "was refused" : "was taken") + ", and the endpoint "
                        + endpoint(insisting)
                        + ". Written in any case, the endpoint " + endpoint(plain)
                        + ": no store knows that a plan is old."
                : "A write cannot insist on what its writer has read. The late plan was taken, tidying up deleted it,"
                        + " and the endpoint " + endpoint(insisting) + ".";
        return new Finding("a late plan does not replace a newer one", insisting == newest, words);
    }
}
