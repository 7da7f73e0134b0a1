package dev.holdfast.engine.edge;

import dev.holdfast.engine.replication.ChangeLog;

/** The changes of one node as they are told to whoever follows it, over as many connections as it takes. One thread reads. */
public interface ChangeStream extends AutoCloseable {

    /** What is told. */
    sealed interface Event {
        /** @param node whose log it is */
        record Told(String node, ChangeLog.Change change) implements Event {}

        /**
         * All changes up to a position have been told by now.
         *
         * @param node whose log it is
         */
        record Heard(String node, ChangeLog.Position position) implements Event {}

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
