package dev.holdfast.engine.provider;

/** What can be wrong with an answer of a provider. The set is closed: a provider maps each error of its engine to one. */
public enum FaultKind {
    /** It refused, failed, or cannot be reached. */
    UNAVAILABLE,
    /** It did not answer within the time allowed. The operation may still happen. */
    TIMEOUT,
    /** It asks to be called less often. */
    THROTTLED,
    /** It does not accept who we are: 401 or 403. Says nothing about the data. */
    UNAUTHORIZED,
    /** It has no room for the write. Reads may go on. */
    DISK_FULL,
    /** It answered with bytes that are not the record written: altered, cut short, or another key's. */
    CORRUPT,
    /** It is not the place it was: wiped, replaced, or restored from an older state. Its absences mean nothing. */
    ROLLED_BACK;

    /** Whether the fault casts doubt on what the provider says, rather than on whether it says anything. */
    public boolean lie() {
        return this == CORRUPT || this == ROLLED_BACK;
    }
}
