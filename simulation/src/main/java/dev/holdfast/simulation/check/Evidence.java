package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The history of a run that is over, and what several checkers need to know of it, found out once for all of them. */
public final class Evidence {
    private final History history;
    private final Map<String, Operation> puts = new HashMap<>();
    private final List<Register> registers = new ArrayList<>();

    public Evidence(History history) {
        this.history = history;
        Map<Key, List<Operation>> byKey = new HashMap<>();
        for (Operation operation : history.operations()) {
            if (operation.kind() == Operation.Kind.PUT) {
                puts.put(operation.value(), operation);
            }
            if (operation.kind() != Operation.Kind.LIST) {
                byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
            }
        }
        byKey.forEach((key, operations) ->
                registers.add(new Register(key, operations, new Writes(history, operations, puts))));
        // So that violations come out in the same order each time.
        registers.sort(Comparator.comparing(Register::key));
    }

    History history() {
        return history;
    }

    /** In the order of keys. */
    List<Register> registers() {
        return registers;
    }

    /** The put of the value that was found, of whatever key. */
    @Nullable
    Operation writer(Store.Answer.Found found) {
        return puts.get(Writes.valueOf(found));
    }
}
