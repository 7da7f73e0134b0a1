package dev.holdfast.engine.edge;

import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.Point;

/** The changes of one node as they are told to whoever follows it, over as many connections as it takes. One thread reads. */
public interface ChangeStream extends AutoCloseable {

    /** What is told. */
    sealed interface Event {
        /** A change. */
        record Told(ChangeLog.Change change) implements Event {}

        /**
         * All changes up to a place in the log of a node have been told by now.
         *
         * @param behindNanos how long ago those were all that there are; 0 if the node makes them itself
         */
        record Heard(Point heard, long behindNanos) implements Event {}

        /** What came before this cannot be told, or it is not known whether all of it was. */
        record Lost(String why) implements Event {}

        /** Namespaces or tokens have changed. */
        record Catalogue() implements Event {}
    }

    /** The next event; waits for it, however long that takes. */
    Event next() throws InterruptedException;

    @Override
    void close();
}
