package dev.holdfast.engine.incident;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * To which incident an alarm belongs, so that alarms of one cause are one incident. The first rule that holds decides:
 *
 * <ol>
 *   <li>the open incident that is about the same cause, or has had the same alarm;
 *   <li>what mostly follows from something else (requests, divergence, hints): the open incident with the latest reason that is still
 *       there, and otherwise the latest that has requests hurt;
 *   <li>the open incident that has only such alarms, and was opened within the last {@value #ADOPT_MILLIS} ms: this is its reason;
 *   <li>the open incident of another provider that began to show the same symptom within the last {@value #TOGETHER_MILLIS} ms: two
 *       independent places do not fail alike at one moment, so it is one thing, such as this node's network;
 *   <li>the one that was closed not long ago and is about the same cause;
 *   <li>a new one.
 * </ol>
 */
final class Correlation {
    static final long TOGETHER_MILLIS = 10_000;
    private static final long ADOPT_MILLIS = 60_000;

    private final List<Symptom> symptoms = new ArrayList<>();

    /** When one began to show at a provider, and to which incident that belongs. */
    private record Symptom(String symptom, Case where, long at) {}

    /** The open or lately closed one; empty for none, so that a new one is to be opened. */
    Optional<Case> of(Finding finding, Collection<Case> cases, long wall) {
        String cause = finding.cause();
        for (Case each : cases) {
            if (each.open() && (each.about(cause) || each.has(finding))) {
                return Optional.of(each);
            }
        }
        if (finding.kind().follows()) {
            Optional<Case> reason = cases.stream()
                    .filter(each -> each.open() && each.lastReason() != Long.MIN_VALUE)
                    .max(Comparator.comparingLong(Case::lastReason).thenComparing(each -> each.id));
            if (reason.isPresent()) {
                return reason;
            }
        } else if (finding.kind().hurts()) {
            for (Case each : cases) {
                if (each.open() && each.unexplained() && wall - each.openedAt() <= ADOPT_MILLIS) {
                    return Optional.of(each);
                }
            }
            for (Symptom known : symptoms) {
                if (ofProvider(finding)
                        && known.where().open()
                        && wall - known.at() <= TOGETHER_MILLIS
                        && alike(known.symptom(), finding.symptom())) {
                    return Optional.of(known.where());
                }
            }
        }
        return cases.stream()
                .filter(each -> !each.open() && each.about(cause))
                .max(Comparator.comparingLong(Case::closedAt));
    }

    /** It belongs there. */
    void placed(Finding finding, Case where, long wall) {
        symptoms.removeIf(known -> wall - known.at() > TOGETHER_MILLIS);
        boolean begun = symptoms.stream()
                .anyMatch(known -> known.where() == where && known.symptom().equals(finding.symptom()));
        if (ofProvider(finding) && !begun && where.beganLately(finding, wall, TOGETHER_MILLIS)) {
            symptoms.add(new Symptom(finding.symptom(), where, wall));
        }
    }

    private static boolean ofProvider(Finding finding) {
        return switch (finding.kind()) {
            case PROVIDER, GREY, CONTRADICTION -> !finding.symptom().isEmpty();
            case REQUESTS, DIVERGENCE, HINTS, DAMAGE, FEED, CLOCK, DISK, EXPIRY, BACKUP -> false;
        };
    }

    /** Calls that fail, of which it is not known yet why, may fail for any reason. */
    private static boolean alike(String one, String other) {
        return one.equals(other) || one.equals(Finding.FAILS) || other.equals(Finding.FAILS);
    }
}
