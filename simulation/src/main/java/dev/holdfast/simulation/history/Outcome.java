package dev.holdfast.simulation.history;

import dev.holdfast.engine.replication.Store;

/** What a call came to, as its client sees it. */
public sealed interface Outcome {

    record Read(Store.Answer answer) implements Outcome {}

    record Wrote(Store.Written written) implements Outcome {}

    record Listed(Store.Listing listing) implements Outcome {}

    /** The node died before it answered. */
    record Lost() implements Outcome {}
}
