package dev.holdfast.integration.harness;

/**
 * How much is run. The long profile, {@code -Dlong=true}, is for a quiet machine: its figures go to the docs, and only there
 * is it judged how long things take.
 */
public final class Profile {
    public static final boolean LONG = Boolean.getBoolean("long");

    private Profile() {}

    /** The property {@code name}, else what the profile has for it. */
    public static int number(String name, int usual, int inTheLongProfile) {
        return Integer.getInteger(name, LONG ? inTheLongProfile : usual);
    }
}
