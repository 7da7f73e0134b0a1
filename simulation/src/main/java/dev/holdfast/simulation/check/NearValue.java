package dev.holdfast.simulation.check;

import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.simulation.history.NearRead;
import dev.holdfast.simulation.history.Operation;
import org.jspecify.annotations.Nullable;

/** What is answered was written, not refused, and has not expired, however old it may be. */
final class NearValue implements NearRule {
    private final Evidence evidence;
    private final Key key;

    NearValue(Evidence evidence, Key key) {
        this.evidence = evidence;
        this.key = key;
    }

    @Override
    public String promise() {
        return "near value";
    }

    @Override
    public @Nullable String wrong(NearRead read) {
        NearAnswer near = read.answer();
        if (near == null || !(near.answer() instanceof Answer.Found found)) {
            return null;
        }
        Operation writer = evidence.writer(found);
        if (writer == null || !writer.key().equals(key)) {
            return "an answer that nobody wrote";
        }
        if (!writer.mayBeSeen()) {
            return "an answer from a write that was refused: " + writer;
        }
        if (read.end() < writer.begin()) {
            return "an answer from the future";
        }
        return writer.hasExpired(read.beginNanos()) ? "a value that had expired: " + writer : null;
    }
}
