package dev.holdfast.simulation.check;

import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** P2: while at most one failure domain is in trouble, no call fails, and each is answered in time. */
public final class OpenCheck implements Checker {
    /** How long after a node has died or come back the others may still be settling what that means. */
    private static final long AWAY_NANOS = 5_000_000_000L;

    /** Longer than any deadline of the store: a call that takes so long is stuck. */
    private static final long PATIENCE_NANOS = 15_000_000_000L;

    @Override
    public List<Violation> check(Evidence evidence) {
        History history = evidence.history();
        List<Violation> violations = new ArrayList<>();
        boolean several = severalNodes(history.operations());
        for (Operation operation : history.operations()) {
            if (!operation.via().isEmpty()) {
                // What an edge cannot do while its ways are cut is not the store's.
                continue;
            }
            // An origin that is alone and has not just started vouches for its listings, whatever befalls one domain;
            // unless it has
            // given up another for a moment, because of slow answers.
            boolean unsure = !several
                    && operation.troubles() <= (history.waysAreSlow() ? 0 : 1)
                    && operation.outcome() instanceof Outcome.Listed(Store.Listing.Keys keys)
                    && !keys.confirmed()
                    && calm(history, operation);
            if (unsure) {
                violations.add(new Violation("P2", "a listing was not confirmed", Story.around(history, operation)));
            }
            // A node that is away is a domain in trouble, too, where others lean on it.
            boolean wrong = failed(operation)
                    && operation.troubles() <= 1
                    && !(several && unconfirmed(operation))
                    && (!several || calm(history, operation));
            if (wrong) {
                violations.add(new Violation(
                        "P2",
                        "a call failed though " + operation.troubles() + " failure domain was in trouble",
                        Story.around(history, operation)));
            }
            if (operation.endNanos() - operation.beginNanos() > PATIENCE_NANOS) {
                violations.add(
                        new Violation("P2", "a call took over 15 s to be answered", Story.around(history, operation)));
            }
        }
        return violations;
    }

    private static boolean severalNodes(List<Operation> operations) {
        String first = "";
        for (Operation operation : operations) {
            if (!operation.via().isEmpty()) {
                continue;
            }
            if (!first.isEmpty() && !operation.node().equals(first)) {
                return true;
            }
            first = operation.node();
        }
        return false;
    }

    private static boolean calm(History history, Operation operation) {
        return !history.nodesChanged(operation.beginNanos() - AWAY_NANOS, operation.endNanos());
    }

    /**
     * Of several nodes each has to see first to which providers the others write, so one that has just given one up by itself, because
     * of a slow answer, may confirm no absence for a while (rule 2). Nothing here would notice one that never does.
     */
    private static boolean unconfirmed(Operation operation) {
        Store.Refusal why = refusal(operation);
        return why != null && why.reason() == Store.Reason.UNCONFIRMED_ABSENCE;
    }

    private static boolean failed(Operation operation) {
        Store.Refusal why = refusal(operation);
        boolean begun = operation.outcome() instanceof Outcome.Wrote(Store.Written.Unknown unknown);
        return why != null && ((begun && unconfirmed(operation)) || !maySo(operation, why));
    }

    /** Why the call was not answered or the write not acknowledged; null when it was. */
    private static Store.@Nullable Refusal refusal(Operation operation) {
        return switch (operation.outcome()) {
            case Outcome.Read(Store.Answer.Unavailable(Store.Refusal why)) -> why;
            case Outcome.Wrote(Store.Written.Refused(Store.Refusal why)) -> why;
            case Outcome.Wrote(Store.Written.Unknown(Store.Refusal why)) -> why;
            case Outcome.Listed(Store.Listing.Unavailable(Store.Refusal why)) -> why;
            default -> null;
        };
    }

    /**
     * What the design refuses even with one domain in trouble: an absence that only one home could confirm (rule 4), and what a node
     * cannot do whose own disk takes nothing: write, and settle a disagreement before it answers (rule 7).
     */
    private static boolean maySo(Operation operation, Store.Refusal why) {
        return operation.troubles() == 1
                && switch (why.reason()) {
                    case UNCONFIRMED_ABSENCE -> true;
                    case LOCAL_DISK_FULL, LOCAL_DISK_FAILED -> true;
                    case NO_PROVIDER,
                            TOO_FEW_HOMES,
                            NODE_REMOVED,
                            DEADLINE,
                            OVERDUE,
                            SHED,
                            GATE,
                            QUOTA,
                            SEALED,
                            JURISDICTION -> false;
                };
    }
}
