package dev.holdfast.cli.command;

import dev.holdfast.cli.http.Failure;

/** Refuses what lies outside of an option's range. */
final class Within {
    private Within() {}

    static void range(String option, long given, long least, long most) {
        if (given < least || given > most) {
            throw new Failure(Failure.USAGE, option + " must be " + least + " to " + most + ", and is " + given + ".");
        }
    }
}
