package dev.holdfast.engine.incident;

/**
 * Something that is wrong, or was.
 *
 * @param subject what it is wrong with: a provider, a tier, a node
 * @param evidence a sentence
 * @param since when it was first found, in milliseconds since the Unix epoch; it may have been over and come back
 * @param until when it was over, likewise; 0 while it is not
 */
public record Alarm(AlarmKind kind, String subject, String evidence, long since, long until) {
    public boolean on() {
        return until == 0;
    }

    boolean same(Finding finding) {
        return kind == finding.kind() && subject.equals(finding.subject());
    }
}
