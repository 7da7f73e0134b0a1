package dev.holdfast.engine.edge;

import dev.holdfast.engine.replication.Store.Answer;

/**
 * An answer and how fresh it is.
 *
 * @param ageMillis since it was last known to be the newest; 0 when it was just asked for
 */
public record NearAnswer(Answer answer, CacheStatus status, long ageMillis) {

    /** The same for one who waited for it later than it was asked for. */
    NearAnswer older(long millis) {
        return millis == 0 ? this : new NearAnswer(answer, status, ageMillis + millis);
    }
}
