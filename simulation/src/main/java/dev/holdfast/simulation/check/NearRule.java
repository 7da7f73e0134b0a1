package dev.holdfast.simulation.check;

import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.simulation.history.NearRead;
import dev.holdfast.simulation.history.Operation;
import org.jspecify.annotations.Nullable;

/** One rule for what is answered from near. */
interface NearRule {
    String promise();

    /** @param read one that was answered, of the key that the rule is for */
    @Nullable
    String wrong(NearRead read);

    /** What is wrong with an answer for one who must know of {@code floor}; null for nothing. */
    static @Nullable String against(Version floor, NearRead read, Writes writes) {
        NearAnswer near = read.answer();
        if (near == null || floor.equals(Version.NONE)) {
            return null;
        }
        return switch (near.answer()) {
            case Answer.Found(Record record, Freshness _) ->
                floor.newerThan(record.version()) ? "an answer older than " + known(floor, writes) : null;
            case Answer.Missing _ ->
                !near.absent() || Absence.possible(writes, floor, read.end(), read.endNanos())
                        ? null
                        : "nothing where a value must be: " + known(floor, writes);
            case Answer.Unavailable _ -> null;
        };
    }

    private static String known(Version floor, Writes writes) {
        Operation writer = writes.ofVersion(floor);
        return "version " + floor
                + (writer == null ? "" : " by " + writer.toString().strip());
    }
}
