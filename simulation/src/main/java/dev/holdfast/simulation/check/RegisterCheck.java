package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * P4: each key is a register. Ordered by version, every write and read agrees with the order in which calls ended and began: an
 * answer is a value that was written and has not expired, and not older than what the call must know (see {@link Sight}). The
 * versions are the witness of the order, so no search is needed.
 */
public final class RegisterCheck implements Checker {

    @Override
    public List<Violation> check(Evidence evidence) {
        List<Violation> violations = new ArrayList<>();
        for (Register register : evidence.registers()) {
            Violation first = new OneKey(evidence, register).first();
            if (first != null) {
                violations.add(first);
            }
        }
        return violations;
    }

    private static final class OneKey {
        private final Evidence evidence;
        private final Register register;
        private final Writes writes;
        private final Floors floors;
        private Version floor = Version.NONE;

        OneKey(Evidence evidence, Register register) {
            this.evidence = evidence;
            this.register = register;
            this.writes = register.writes();
            this.floors = new Floors(evidence.history());
        }

        @Nullable
        Violation first() {
            List<Operation> byEnd = register.byEnd();
            int ended = 0;
            for (Operation operation : register.byBegin()) {
                while (ended < byEnd.size() && byEnd.get(ended).end() < operation.begin()) {
                    raise(byEnd.get(ended++));
                }
                floor = floors.below(operation);
                String wrong = wrong(operation);
                if (wrong != null) {
                    return new Violation("P4 register", register.key() + ": " + wrong, story(operation));
                }
            }
            return null;
        }

        private List<String> story(Operation operation) {
            List<String> story = new ArrayList<>(Story.around(evidence.history(), operation));
            Operation writer = writes.ofVersion(floor);
            story.add("newest known before it: " + floor + (writer == null ? "" : " by " + writer));
            return story;
        }

        private void raise(Operation operation) {
            Version shown = shown(operation);
            if (shown != null) {
                floors.raise(operation, shown);
            }
        }

        /** The version that a call has shown to be there; null when it shows none, or shows an absence. */
        private @Nullable Version shown(Operation operation) {
            return switch (operation.outcome()) {
                case Outcome.Read(Store.Answer.Found found) -> found.record().version();
                case Outcome.Wrote(Store.Written.Acknowledged(Store.Receipt receipt)) -> receipt.version();
                case Outcome.Wrote(Store.Written.ConditionFailed(@Nullable Version current)) -> current;
                default -> null;
            };
        }

        private @Nullable String wrong(Operation operation) {
            return switch (operation.outcome()) {
                case Outcome.Read(Store.Answer.Found found) -> wrongValue(operation, found);
                case Outcome.Read(Store.Answer.Missing missing) -> wrongAbsence(operation);
                case Outcome.Wrote(Store.Written.Acknowledged(Store.Receipt receipt)) ->
                    receipt.version().newerThan(floor) || overwrittenAtOnce(operation)
                            ? null
                            : "a write was acknowledged at a version that is not newer than what was there before it"
                                    + " began";
                case Outcome.Wrote(Store.Written.ConditionFailed(@Nullable Version current)) ->
                    current == null ? wrongAbsence(operation) : wrongVersion(current);
                default -> null;
            };
        }

        /** Another write that was under way with it came after it and what was there before: nobody can have missed it. */
        private boolean overwrittenAtOnce(Operation operation) {
            for (ByVersion.Entry entry : writes.byVersion().after(floor)) {
                Operation other = entry.operation();
                if (other.begin() < operation.end() && operation.begin() < other.end()) {
                    return true;
                }
            }
            return false;
        }

        private @Nullable String wrongValue(Operation operation, Store.Answer.Found found) {
            Operation writer = evidence.writer(found);
            Version version = found.record().version();
            if (writer == null || !writer.key().equals(register.key())) {
                return "an answer that nobody wrote";
            }
            if (!writer.mayBeSeen()) {
                return "an answer from a write that was refused: " + writer;
            }
            if (operation.end() < writer.begin()) {
                return "an answer from the future";
            }
            if (writer.hasExpired(operation.beginNanos())) {
                return "a value that had expired: " + writer;
            }
            // A write that is stamped again may show at its first version for as long as it is under way, and after
            // that where its last one has not come yet and need not have been heard of.
            boolean stands = !Sight.binds(evidence.history(), writer, operation);
            boolean early = stands && writes.ofVersion(version) == null;
            if (!early && !writer.equals(writes.ofVersion(version))) {
                return "a value at a version at which it was not written: " + writer;
            }
            return wrongVersion(version);
        }

        private @Nullable String wrongVersion(Version version) {
            return floor.newerThan(version) ? "an answer older than what was known before it was asked for" : null;
        }

        private @Nullable String wrongAbsence(Operation operation) {
            boolean possible = Absence.possible(writes, floor, operation.end(), operation.endNanos());
            return possible ? null : "nothing was found where a value must be";
        }
    }
}
