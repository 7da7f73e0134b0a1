package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compare-and-set: between the version that a conditional write insisted on and the version it made, no other write of the key
 * has come (DESIGN rule 12).
 */
public final class ConditionCheck implements Checker {

    @Override
    public List<Violation> check(Evidence evidence) {
        List<Violation> violations = new ArrayList<>();
        for (Register register : evidence.registers()) {
            Operation wrong = firstWrong(register);
            if (wrong != null) {
                List<String> story = new ArrayList<>(Story.around(evidence.history(), wrong));
                story.add(
                        "the write before it: " + register.writes().precedes(Objects.requireNonNull(wrong.version())));
                violations.add(new Violation(
                        "compare-and-set",
                        register.key() + ": a write succeeded whose condition did not hold: " + wrong,
                        story));
            }
        }
        return violations;
    }

    private static @Nullable Operation firstWrong(Register register) {
        for (Operation operation : register.byEnd()) {
            if (operation.condition() instanceof Store.Condition.None) {
                continue;
            }
            Version version = operation.version();
            if (version != null && !held(register.writes(), operation, version)) {
                return operation;
            }
        }
        return null;
    }

    private static boolean held(Writes writes, Operation operation, Version version) {
        @Nullable Operation previous = writes.precedes(version);
        return switch (operation.condition()) {
            case Store.Condition.None none -> true;
            case Store.Condition.Matches(Version wanted) -> {
                Operation named = writes.ofVersion(wanted);
                // An unknown version is that of a write nobody saw: it may be the predecessor only if nothing known is
                // newer.
                yield named == null
                        ? previous == null || (!wanted.newerThan(version) && knownBefore(writes, wanted, version))
                        : named.equals(previous) && named.kind() == Operation.Kind.PUT;
            }
            case Store.Condition.Exists exists ->
                is(previous, Operation.Kind.PUT) || unseen(writes, operation, Operation.Kind.PUT);
            case Store.Condition.Absent absent ->
                previous == null
                        || is(previous, Operation.Kind.DELETE)
                        || unseen(writes, operation, Operation.Kind.DELETE);
        };
    }

    private static boolean knownBefore(Writes writes, Version wanted, Version made) {
        List<ByVersion.Entry> newer = writes.byVersion().after(wanted);
        return newer.isEmpty() || !made.newerThan(newer.getFirst().version());
    }

    private static boolean is(@Nullable Operation previous, Operation.Kind kind) {
        return previous != null && previous.kind() == kind;
    }

    private static boolean unseen(Writes writes, Operation operation, Operation.Kind kind) {
        return writes.unplaced().stream().anyMatch(other -> other.kind() == kind && other.begin() < operation.end());
    }
}
