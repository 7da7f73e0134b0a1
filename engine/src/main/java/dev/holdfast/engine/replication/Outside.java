package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import org.jspecify.annotations.Nullable;

/** Why a node does not take a write that it could only keep where the record may not lie. */
final class Outside {
    private static final int AGAIN_SECONDS = 60;

    private Outside() {}

    /** Null when it may keep it. */
    static @Nullable Refusal refusal(Residency residency, Circle circle, NamespaceId namespace) {
        if (!residency.here(namespace)) {
            return new Refusal(
                    Reason.JURISDICTION,
                    "This node is not in the jurisdiction of the namespace, and would keep what is written in its own"
                            + " logs. Write by way of a node that is.",
                    AGAIN_SECONDS);
        }
        return circle.all().isEmpty() ? nowhere() : null;
    }

    /** There is nobody to ask. */
    static Refusal nowhere() {
        return new Refusal(
                Reason.JURISDICTION,
                "None of this node's providers is in the jurisdiction of the namespace.",
                AGAIN_SECONDS);
    }
}
