package dev.holdfast.engine.edge;

import dev.holdfast.engine.replication.Point;
import java.util.List;

/** How far this node has heard of all changes that are made anywhere. Thread-safe. */
public interface Coverage {
    /** Nothing is heard: an entry is the newest as of when it was told. */
    Coverage NONE = new Coverage() {
        @Override
        public long newestUntil(long toldNanos) {
            return toldNanos;
        }

        @Override
        public boolean passed(Point session) {
            return false;
        }

        @Override
        public boolean missedSince(long nanos) {
            return false;
        }
    };

    /**
     * Until when an entry that was told at {@code toldNanos}, and that no change heard of since has touched, is known to be the
     * newest; not before {@code toldNanos}. By {@code Time.nanos}.
     */
    long newestUntil(long toldNanos);

    /** Whether all changes of a node up to this place have been heard and taken into account. */
    boolean passed(Point session);

    /**
     * Whether changes that were made after {@code nanos} may have been missed and will not be heard any more, as when a feed has a gap
     * or was not followed yet: then what was asked for before is to be asked for again.
     */
    boolean missedSince(long nanos);

    /** By all of several feeds together: every change comes through one of them. */
    static Coverage all(List<? extends Coverage> feeds) {
        return new Coverage() {
            @Override
            public long newestUntil(long toldNanos) {
                long least = Long.MAX_VALUE;
                for (Coverage feed : feeds) {
                    long until = feed.newestUntil(toldNanos);
                    least = least == Long.MAX_VALUE || until - least < 0 ? until : least;
                }
                return feeds.isEmpty() ? toldNanos : least;
            }

            @Override
            public boolean passed(Point session) {
                return feeds.stream().anyMatch(feed -> feed.passed(session));
            }

            @Override
            public boolean missedSince(long nanos) {
                for (Coverage feed : feeds) {
                    if (feed.missedSince(nanos)) {
                        return true;
                    }
                }
                return false;
            }
        };
    }
}
