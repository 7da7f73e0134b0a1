package dev.holdfast.simulation.check;

import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.NearRead;
import dev.holdfast.simulation.history.NearRead.At;
import org.jspecify.annotations.Nullable;

/**
 * The bound of staleness: an answer was the newest at some moment since its age. So it is not older than what had been acknowledged
 * by then, as far as whoever was asked knew of it, and, for what the feed keeps in step, as far as the feed could tell. The way of the feed,
 * and pauses of whoever reads it, make an answer older and never too young.
 */
final class NearAge implements NearRule {
    private static final long MILLI = 1_000_000L;
    /** A node that is joined by others learns of them when it next looks, and takes itself for alone until then. */
    private static final long JOIN_NANOS = 3_000 * MILLI;

    private final History history;
    private final Writes writes;
    private final boolean alone;
    private final Acknowledged ended;
    private final Acknowledged told;

    NearAge(History history, Register register, Held held, boolean alone) {
        this.history = history;
        this.writes = register.writes();
        this.alone = alone;
        this.ended = new Acknowledged(history, register.writes(), operation -> operation.endNanos());
        this.told = new Acknowledged(history, register.writes(), held::toldBy);
    }

    @Override
    public String promise() {
        return "near staleness";
    }

    @Override
    public @Nullable String wrong(NearRead read) {
        NearAnswer near = read.answer();
        Freshness freshness = read.freshness();
        if (near == null || freshness == null || !vouched(read, near, freshness)) {
            return null;
        }
        boolean pinned = freshness.source().equals("pinned");
        boolean fromMemory = pinned || freshness.source().equals("memory");
        long asOf = read.beginNanos() - (near.ageMillis() + 1) * MILLI;
        boolean followed = fromMemory && (read.edge() || read.at() == At.FOLLOWING_CLIENT);
        boolean fromDisk = freshness.source().equals("disk")
                // What a copy has after a start is as old as the wall clock says.
                || (pinned && history.restarted(read.place(), asOf - 2 * History.MOST_SKEW_NANOS, read.endNanos()));
        asOf -= fromDisk ? 2 * History.MOST_SKEW_NANOS : 0;
        boolean rounded = read.atClient() || (read.edge() && !alone);
        asOf -= rounded ? NearRead.ROUNDED_NANOS : 0;
        if (!alone && read.beginNanos() < JOIN_NANOS) {
            return null;
        }
        Acknowledged known = followed ? told : ended;
        Version floor = alone ? known.all(asOf) : known.shared(asOf, read.troubles());
        String wrong = NearRule.against(floor, read, writes);
        return wrong == null
                ? null
                : wrong + ", though it is said to have been the newest " + near.ageMillis() + " ms ago";
    }

    /** Whether the answer is known to have been the newest once: what an origin itself had doubts about says nothing. */
    private boolean vouched(NearRead read, NearAnswer near, Freshness freshness) {
        return freshness.confirmed()
                || (near.absent() && read.edge())
                || (read.at() != At.ORIGIN
                        && (freshness.source().equals("memory")
                                || freshness.source().equals("pinned")
                                || freshness.source().equals("disk"))
                        && near.answer() instanceof Answer.Found(Record record, Freshness _)
                        && !history.wasUnvouched(read.key(), record.version()));
    }
}
