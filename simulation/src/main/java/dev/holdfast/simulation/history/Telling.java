package dev.holdfast.simulation.history;

import dev.holdfast.engine.replication.ChangeLog.Page;
import dev.holdfast.engine.replication.ChangeLog.Position;

/**
 * What a follower of a node's changes was told.
 *
 * @param at place in the order of all events
 * @param after where the follower was
 */
public record Telling(String node, int at, long nanos, Position after, Page page) {

    /** Where the follower is then. */
    public Position next() {
        return switch (page) {
            case Page.Changes(var changes, Position next) -> next;
            case Page.Gap(Position resumeAt, String why) -> resumeAt;
        };
    }

    public boolean gap() {
        return page instanceof Page.Gap;
    }

    @Override
    public String toString() {
        return Millis.inColumn(nanos) + "  " + node + " tells what comes after " + after + ": " + page;
    }
}
