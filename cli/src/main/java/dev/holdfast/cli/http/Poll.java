package dev.holdfast.cli.http;

/** Rests between two looks at what a node does by itself. */
public final class Poll {
    private Poll() {}

    /** @param goesOn what an interruption does not end, in a few words, for the failure that it is */
    public static void pause(long millis, String goesOn) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "Interrupted; " + goesOn + ".", stopped);
        }
    }
}
