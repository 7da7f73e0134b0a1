package dev.holdfast.client;

/** What must be true of a key for a write to happen. When it is not: {@link HoldfastException.ConditionFailed}. */
public sealed interface Condition {
    /** There is no value. Only for writing one. */
    Condition ABSENT = new Absent();

    /** There is a value, at whichever version. */
    Condition PRESENT = new Present();

    /** Nothing: the newest write wins. */
    Condition NONE = new None();

    /** The key is at this version. */
    static Condition at(Version version) {
        return new At(version);
    }

    record None() implements Condition {}

    record Absent() implements Condition {}

    record Present() implements Condition {}

    record At(Version version) implements Condition {}
}
