package dev.holdfast.engine.incident;

/**
 * What a detector finds wrong now.
 *
 * @param subject what it is wrong with
 * @param symptom how it shows, in a word: things that show alike at the same moment are taken for one
 * @param evidence a sentence
 * @param atLeast how bad it is, though no request is seen to be hurt
 */
record Finding(AlarmKind kind, String subject, String symptom, String evidence, Severity atLeast) {
    /** The symptom of calls that fail, of which it is not known yet why. */
    static final String FAILS = "fails";

    Finding(AlarmKind kind, String subject, String symptom, String evidence) {
        this(kind, subject, symptom, evidence, Severity.P4);
    }

    /** The sentence as a title, which has no full stop. */
    String title() {
        return evidence.substring(0, evidence.length() - 1);
    }

    /** The symptom of clocks that differ: one thing, whichever of them is off. */
    static final String SKEW = "skew";

    /** What an incident is about that has this as its first alarm. */
    String cause() {
        return switch (kind) {
            case PROVIDER, GREY -> "provider:" + subject;
            case CONTRADICTION -> subject.equals("store") ? "store" : "provider:" + subject;
            case REQUESTS, DIVERGENCE, HINTS -> "store";
            case CLOCK -> "clock:" + (symptom.equals(SKEW) ? SKEW : subject);
            case DAMAGE, FEED, DISK, EXPIRY, BACKUP -> kind.label() + ":" + subject.replace(' ', '-');
        };
    }
}
