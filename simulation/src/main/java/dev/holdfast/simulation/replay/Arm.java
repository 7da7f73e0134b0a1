package dev.holdfast.simulation.replay;

/** One way to build the store. Called on threads of the simulated world, many at a time. */
interface Arm {

    /** The store cannot answer. */
    final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * What a read is answered.
     *
     * @param number of the write whose value it is; 0 when there is no value
     * @param ageNanos how long before the read the store was asked, where a cache answers; otherwise 0
     */
    record Answer(long number, long ageNanos) {}

    /** Begins; called once, on a thread of the world. */
    void start();

    Answer get(int key) throws Failed;

    /** Returns when the write is acknowledged. */
    void put(int key, long number) throws Failed;

    /** Whether it has nothing left to do: what was acknowledged is where the arm wants it. */
    boolean settled();
}
