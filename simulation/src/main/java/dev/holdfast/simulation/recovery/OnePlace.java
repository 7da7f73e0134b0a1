package dev.holdfast.simulation.recovery;

/** A bad file comes to one place and no further. */
final class OnePlace implements Check {
    private final boolean[] struck;

    OnePlace(int places) {
        this.struck = new boolean[places];
    }

    /** A proxy was given a bad file, and crashed. */
    void crashed(int place) {
        struck[place] = true;
    }

    @Override
    public Finding judge() {
        int count = 0;
        for (boolean crashed : struck) {
            count += crashed ? 1 : 0;
        }
        return new Finding(
                "a bad file comes to one place and no further",
                count <= 1,
                "Bad files crashed the proxies of " + count + " of " + struck.length + " places.");
    }
}
