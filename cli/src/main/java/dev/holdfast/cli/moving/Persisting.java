package dev.holdfast.cli.moving;

import dev.holdfast.cli.http.Failure;
import java.time.Duration;

/** Tries until it is done, for as long as something changes; a node that is away is waited for. */
final class Persisting {
    private final Duration patience;

    Persisting(Duration patience) {
        this.patience = patience;
    }

    /** What a try came to. */
    sealed interface Try<T> {
        record Done<T>(T result) implements Try<T> {}

        /** @param why also tells whether anything has changed since the last one */
        record Waits<T>(String why) implements Try<T> {}
    }

    interface Attempt<T> {
        Try<T> make();
    }

    /** @param what for the message when it is given up */
    <T> T until(String what, Attempt<T> attempt) {
        long since = System.nanoTime();
        String last = "";
        while (true) {
            String why;
            try {
                switch (attempt.make()) {
                    case Try.Done<T>(T result) -> {
                        return result;
                    }
                    case Try.Waits<T>(String now) -> why = now;
                }
            } catch (Failure failure) {
                if (failure.exitCode() != Failure.NOT_REACHABLE) {
                    throw failure;
                }
                why = String.valueOf(failure.getMessage());
            }
            if (!why.equals(last)) {
                last = why;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > patience.toNanos()) {
                throw new Failure(
                        Failure.FAILED,
                        what + " has come no further for " + patience.toSeconds() + " s: " + why
                                + "\nDo the same again to go on from here.");
            }
            Look.pause();
        }
    }
}
