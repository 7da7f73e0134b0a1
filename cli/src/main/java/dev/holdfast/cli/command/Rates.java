package dev.holdfast.cli.command;

import dev.holdfast.cli.http.Failure;

/** The option {@code --rate}. */
final class Rates {
    private static final long MOST = 1_000_000;

    private Rates() {}

    /** @param rate keys a second; 0 for none */
    static void check(long rate) {
        if (rate < 0 || rate > MOST) {
            throw new Failure(Failure.USAGE, "--rate must be 1 to " + MOST + " keys a second.");
        }
    }
}
