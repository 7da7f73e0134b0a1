package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.simulation.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One key, and the reads and writes of it; listings are not among them. */
final class Register {
    private final Key key;
    private final List<Operation> byEnd;
    private final List<Operation> byBegin;
    private final Writes writes;

    /** @param byEnd in the order of answers */
    Register(Key key, List<Operation> byEnd, Writes writes) {
        this.key = key;
        this.byEnd = byEnd;
        this.byBegin = new ArrayList<>(byEnd);
        byBegin.sort(Comparator.comparingInt(Operation::begin));
        this.writes = writes;
    }

    Key key() {
        return key;
    }

    List<Operation> byEnd() {
        return byEnd;
    }

    List<Operation> byBegin() {
        return byBegin;
    }

    Writes writes() {
        return writes;
    }
}
