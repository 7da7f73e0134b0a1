package dev.holdfast.simulation.check;

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.NearRead;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whoever stays with one node or edge sees his own writes, and never goes back: an answer is not older than what that place has
 * acknowledged or shown to anybody since it was started.
 */
final class NearShown implements NearRule {
    private final boolean alone;
    private final Writes writes;
    private final Map<NearRead, Version> floors = new HashMap<>();
    private final Map<NearRead, Version> gone = new HashMap<>();

    /**
     * Something that a place has shown.
     *
     * @param there whether it was a value or a write; otherwise whatever is not newer is gone
     */
    private record Shown(String place, boolean there, int end, long nanos, Version version) {}

    NearShown(History history, Register register, List<NearRead> reads, boolean alone) {
        this.alone = alone;
        this.writes = register.writes();
        List<Shown> shown = new ArrayList<>();
        register.byEnd().forEach(operation -> add(shown, operation));
        reads.forEach(read -> add(shown, read));
        shown.sort(Comparator.comparingInt(Shown::end));
        List<NearRead> byBegin = new ArrayList<>(reads);
        byBegin.sort(Comparator.comparingInt(NearRead::begin));
        Map<String, Shown> there = new HashMap<>();
        Map<String, Shown> absent = new HashMap<>();
        int next = 0;
        for (NearRead read : byBegin) {
            for (; next < shown.size() && shown.get(next).end() < read.begin(); next++) {
                raise(shown.get(next).there() ? there : absent, shown.get(next), history);
            }
            floors.put(read, floor(there.get(read.place()), read, history));
            gone.put(read, floor(absent.get(read.place()), read, history));
        }
    }

    private static Version floor(@Nullable Shown last, NearRead read, History history) {
        return last == null || history.restarted(read.place(), last.nanos(), read.endNanos())
                ? Version.NONE
                : last.version();
    }

    private static void add(List<Shown> shown, Operation operation) {
        Version version = switch (operation.outcome()) {
            case Outcome.Read(Answer.Found(Record record, Freshness _)) -> record.version();
            default -> operation.version();
        };
        if (version != null) {
            shown.add(new Shown(operation.node(), true, operation.end(), operation.endNanos(), version));
            if (!operation.via().isEmpty()) {
                shown.add(new Shown(operation.via(), true, operation.end(), operation.endNanos(), version));
            }
        }
    }

    private static void add(List<Shown> shown, NearRead read) {
        NearAnswer near = read.answer();
        if (near != null && near.answer() instanceof Answer.Found(Record record, Freshness _)) {
            shown.add(new Shown(read.place(), true, read.end(), read.endNanos(), record.version()));
        } else if (near != null
                && near.absent()
                && near.answer() instanceof Answer.Missing(Version asOf, Freshness _)) {
            shown.add(new Shown(read.place(), false, read.end(), read.endNanos(), asOf));
        }
    }

    private static void raise(Map<String, Shown> newest, Shown shown, History history) {
        Shown before = newest.get(shown.place());
        boolean forgotten = before != null && history.restarted(shown.place(), before.nanos(), shown.nanos());
        if (before == null || forgotten || shown.version().newerThan(before.version())) {
            newest.put(shown.place(), shown);
        }
    }

    @Override
    public String promise() {
        return "near session";
    }

    @Override
    public @Nullable String wrong(NearRead read) {
        if (read.is(CacheStatus.BYPASS) && !(alone && read.confirmed())) {
            // It passes by what is known here, and of several origins one may yet have to learn what another has told.
            return null;
        }
        String wrong = NearRule.against(floors.getOrDefault(read, Version.NONE), read, writes);
        if (wrong == null && read.answer() != null && read.answer().answer() instanceof Answer.Found) {
            wrong = NearRule.against(gone.getOrDefault(read, Version.NONE), read, writes);
        }
        return wrong == null ? null : wrong + ", which " + read.place() + " has shown before";
    }
}
