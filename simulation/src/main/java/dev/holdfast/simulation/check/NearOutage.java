package dev.holdfast.simulation.check;

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.kv.OnOutage;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.simulation.history.NearRead;
import org.jspecify.annotations.Nullable;

/** An answer is good enough by its age, or is the last known good that the namespace allows (promise P3). */
final class NearOutage implements NearRule {
    /** What is given when the homes know less than the node, which is no outage. */
    private static final String CONTRADICTION = "the homes know an older version only";

    private final OnOutage onOutage;

    NearOutage(OnOutage onOutage) {
        this.onOutage = onOutage;
    }

    @Override
    public String promise() {
        return "near outage";
    }

    @Override
    public @Nullable String wrong(NearRead read) {
        NearAnswer near = read.answer();
        Freshness freshness = read.freshness();
        if (near == null || freshness == null) {
            return null;
        }
        if (near.status() == CacheStatus.HIT) {
            boolean good = freshness.confirmed() && near.ageMillis() * 1_000_000 <= read.ttlNanos();
            return good ? null : "an answer from near past its time to live, or that nobody vouches for";
        }
        boolean lastKnown = !freshness.confirmed()
                && (freshness.source().equals("memory")
                        || freshness.source().equals("disk")
                        || freshness.source().equals("pinned"));
        if (!lastKnown) {
            return null;
        }
        return switch (onOutage) {
            case OnOutage.Closed _ ->
                freshness.note().equals(CONTRADICTION) ? null : "the last known good of a namespace that wants none";
            case OnOutage.Stale(var most) ->
                near.ageMillis() > most.toMillis() ? "a last known good older than " + most : null;
            case OnOutage.Default _ -> null;
        };
    }
}
