package dev.holdfast.engine.incident;

/** How bad an incident is, by who is hurt and not by which alarm rang; see {@link Rating}. */
public enum Severity {
    /** Many requests of what others need to start are refused, or half of all. */
    P0,
    /** Some requests of the first tiers are refused, or many of others. */
    P1,
    P2,
    P3,
    /** Nobody is hurt; something that is needed when the next thing fails is gone. */
    P4;

    public boolean worseThan(Severity other) {
        return compareTo(other) < 0;
    }

    static Severity worse(Severity one, Severity other) {
        return one.worseThan(other) ? one : other;
    }
}
