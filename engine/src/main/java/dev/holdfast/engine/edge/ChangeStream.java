package dev.holdfast.engine.edge;

import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.Point;
import java.util.Set;

/** The changes of one node as they are told to whoever follows it, over as many connections as it takes. One thread reads. */
public interface ChangeStream extends AutoCloseable {

    /** What is told. */
    sealed interface Event {
        /** A change. */
        record Told(ChangeLog.Change change) implements Event {}

        /**
         * All changes up to a place in the log of a node have been told by now.
         *
         * @param asOfNanos when those were all that there were, at least; by {@code Time.nanos} of who is told, and not the moment at which
         *     this is read: that may be long after it was said
         * @param through the nodes that the node has them from, directly or by way of others; none if it makes them itself
         */
        record Heard(Point heard, long asOfNanos, Set<String> through) implements Event {
            /** From the node that makes the changes. */
            public Heard(Point heard, long asOfNanos) {
                this(heard, asOfNanos, Set.of());
            }
        }

        /** What came before this cannot be told, or it is not known whether all of it was. */
        record Lost(String why) implements Event {}

        /** Namespaces or tokens have changed. */
        record Catalogue() implements Event {}

        /** Nothing is told, since the node itself hears of changes by way of this one. It is asked again from time to time. */
        record Refused(String why) implements Event {}
    }

    /** The next event; waits for it, however long that takes. */
    Event next() throws InterruptedException;

    @Override
    void close();
}
