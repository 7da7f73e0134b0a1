package dev.holdfast.simulation.world;

import java.util.Locale;

/** What can befall one failure domain. */
public enum Trouble {
    /** The provider loses its power for a while. */
    PROVIDER_CRASH(false),
    /** The network to the provider is cut. */
    CUT(false),
    /** As with an account that is suspended: cut off for so long that deletes of before are collected when it returns. */
    SUSPENDED(false),
    /** No provider can be reached by any node. */
    ALL_CUT(false),
    /** Some keys cannot be had of the provider, and the others can. */
    SHARD_DOWN(false),
    /** Every call takes longer. */
    SLOW(false),
    /** One of the faults that drills know, honest in what it says: refuses, delays, answers nothing. */
    FAULT(false),
    /** One of the faults that drills know in which the provider's answers are wrong, but not what it holds. */
    LIE(false),
    /** The provider acknowledges writes and does not keep them. */
    ACKNOWLEDGED_THEN_LOST(true),
    /** The provider loses everything for ever; an empty place takes its name. */
    WIPE(true),
    /** The provider is restored from a copy made some time ago. */
    ROLL_BACK(true),
    /** Some stored records are damaged. */
    ROT(true),
    /** The node's disk has no room. */
    NODE_DISK_FULL(false),
    /** The node's disk takes and gives nothing. */
    NODE_DISK_FAILING(false),
    /** A node loses its disk and starts again on an empty one, under its old name. */
    NODE_DISK_LOST(true),
    /** The disk under the nodes and all providers syncs nothing for a while, and loses nothing. */
    STALL(false);

    private final boolean harmful;

    Trouble(boolean harmful) {
        this.harmful = harmful;
    }

    /** Whether records that were durable there may be gone. */
    boolean harmful() {
        return harmful;
    }

    boolean ofNode() {
        return this == NODE_DISK_FULL || this == NODE_DISK_FAILING || this == NODE_DISK_LOST;
    }

    /** As a person writes it, such as {@code node-disk-full}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
