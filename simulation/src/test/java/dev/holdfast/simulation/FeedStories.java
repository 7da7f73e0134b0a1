package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static dev.holdfast.simulation.TwoHomes.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.ChangeLog.Change;
import dev.holdfast.engine.replication.ChangeLog.Page;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.simulation.scheduler.RunFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * What the feed tells of writes that fail in ways the drawn worlds never meet, since one domain at a time is in trouble there. Also
 * hunts mutants: then it says which promise broke.
 */
public final class FeedStories implements LongFunction<String> {

    @Override
    public String apply(long seed) {
        List<String> told = new ArrayList<>();
        try {
            writesOfAnOutage(told);
        } catch (RunFailure other) {
            // A mutant that cannot even tell the story is for the drawn worlds.
            return "";
        }
        return told.contains("refused") ? "feed" : "";
    }

    /** @param told takes the keys that a reader is told */
    static void writesOfAnOutage(List<String> told) {
        inEveryWorld(world -> {
            ReplicatedStore store = world.open(world.disk());
            ChangeLog log = store.changes();
            Position begin = log.newest();
            assertThat(put(store, Key.of("before"))).isInstanceOf(Written.Acknowledged.class);
            world.a.inject(Fault.of(FaultMode.DISK_FULL));
            world.b.inject(Fault.of(FaultMode.DISK_FULL));
            assertThat(put(store, Key.of("refused"))).isInstanceOf(Written.Refused.class);
            world.a.clear();
            world.b.clear();
            world.await(
                    "writes are taken again",
                    30 * SECOND,
                    () -> put(store, Key.of("after")) instanceof Written.Acknowledged);
            read(log, begin, told);
        });
    }

    private static void read(ChangeLog log, Position begin, List<String> told) throws InterruptedException {
        Position at = begin;
        while (log.read(at, 10, MILLI) instanceof Page.Changes(List<Change> changes, Position next)
                && !next.equals(at)) {
            changes.stream()
                    .filter(change -> !change.namespace().equals(NamespaceId.SYSTEM))
                    .forEach(change -> told.add(change.key().toString()));
            at = next;
        }
    }
}
