package dev.holdfast.engine.edge;

import dev.holdfast.engine.replication.Store.Answer;

/**
 * An answer and how fresh it is.
 *
 * @param ageMillis since it was last known to be the newest; 0 when it was just asked for
 */
public record NearAnswer(Answer answer, CacheStatus status, long ageMillis) {
    /** The source of what the full copy of a pinned namespace says. */
    static final String PINNED = "pinned";

    /**
     * Whether there is no such key, as of {@link #ageMillis} ago: somebody vouches for it now, or it is not in a copy that had
     * everything then.
     */
    public boolean absent() {
        return answer instanceof Answer.Missing(var _, var freshness)
                && (freshness.confirmed() || freshness.source().equals(PINNED));
    }

    /** The same for one who waited for it later than it was asked for. */
    NearAnswer older(long millis) {
        return millis == 0 ? this : new NearAnswer(answer, status, ageMillis + millis);
    }
}
