package dev.holdfast.simulation.check;

import dev.holdfast.engine.replication.ChangeLog.Change;
import dev.holdfast.engine.replication.ChangeLog.Page;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Telling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one node told its follower, each page of it in order. */
final class Feed {
    private static final int NO_GAP = -1;

    private final int began;
    private final List<Stretch> stretches = new ArrayList<>();
    private @Nullable Stretch open;
    private int lastGap = NO_GAP;

    /** Pages of which each goes on where the one before ended: one look then does for all of them. */
    private static final class Stretch {
        private final Position after;
        private Position until;
        private final List<Change> changes = new ArrayList<>();
        /** The place in the history of the gap that ended it. */
        private int gap = NO_GAP;

        private Stretch(Position after) {
            this.after = after;
            this.until = after;
        }

        private boolean covers(Position at) {
            return after.compareTo(at) < 0 && until.compareTo(at) >= 0;
        }

        private @Nullable Change at(Position at) {
            int low = 0;
            int high = changes.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                Change change = changes.get(middle);
                int order = change.at().compareTo(at);
                if (order == 0) {
                    return change;
                }
                if (order < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return null;
        }
    }

    /** @param began the place in the history at which the follower came */
    Feed(int began) {
        this.began = began;
    }

    /** In the order in which they were told. */
    void add(Telling telling) {
        Stretch stretch = open;
        if (stretch == null || !stretch.until.equals(telling.after())) {
            stretch = new Stretch(telling.after());
            stretches.add(stretch);
        }
        switch (telling.page()) {
            case Page.Changes(List<Change> page, Position next) -> {
                stretch.changes.addAll(page);
                stretch.until = next;
                open = stretch;
            }
            case Page.Gap gap -> {
                stretch.gap = telling.at();
                lastGap = telling.at();
                open = null;
            }
        }
    }

    /** Whether it must have told of the write: the follower was there before that began, and has been told of no gap since. */
    boolean owes(Operation writer) {
        return began < writer.begin() && lastGap <= writer.begin();
    }

    /** Whether it tells of the write where the receipt says, or of a gap there. */
    boolean tells(Operation write, Store.Receipt receipt) {
        Position at = receipt.session().at();
        Change change = at(at);
        if (change != null) {
            return change.key().equals(write.key()) && change.version().equals(receipt.version());
        }
        boolean passed = false;
        for (Stretch stretch : stretches) {
            passed |= stretch.covers(at);
            if (stretch.gap > write.begin()) {
                return !passed;
            }
        }
        // Who began to follow later has missed nothing.
        return began > write.begin();
    }

    /** What was told last of all that was told as being there. */
    private @Nullable Change at(Position at) {
        for (int i = stretches.size() - 1; i >= 0; i--) {
            Stretch stretch = stretches.get(i);
            Change change = stretch.covers(at) ? stretch.at(at) : null;
            if (change != null) {
                return change;
            }
        }
        return null;
    }
}
