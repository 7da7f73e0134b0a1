package dev.holdfast.simulation.world;

import java.util.Locale;

/** What can befall one failure domain, or two of them one after the other. */
public enum Trouble {
    PROVIDER_CRASH(false, "the provider loses its power for a while"),
    CUT(false, "the network to the provider is cut"),
    /** As with an account that is suspended. */
    SUSPENDED(false, "cut off so long that deletes are collected meanwhile"),
    PARTED(false, "one node alone cannot reach it for some seconds"),
    /** See {@link Relay}. */
    RELAY(false, "one goes just as another one has come back"),
    SPLIT(false, "each of two nodes lacks the one the other has"),
    BACK_ALONE(true, "the last one left goes back to an older copy"),
    ALL_CUT(false, "no node can reach any provider"),
    SHARD_DOWN(false, "some of the provider's keys cannot be had"),
    SLOW(false, "every call to the provider takes longer"),
    FAULT(false, "the provider refuses, delays or does not answer"),
    LIE(false, "the provider's answers are wrong, not what it holds"),
    ACKNOWLEDGED_THEN_LOST(true, "the provider acknowledges writes and drops them"),
    WIPE(true, "the provider loses all; an empty place takes its name"),
    ROLL_BACK(true, "the provider goes back to a copy made some time ago"),
    ROT(true, "some records that the provider holds are damaged"),
    NODE_DISK_FULL(false, "the node's disk has no room"),
    NODE_DISK_FAILING(false, "the node's disk takes and gives nothing"),
    NODE_DISK_LOST(true, "the node starts again on an empty disk"),
    STALL(false, "all disks sync nothing for a while and lose nothing");

    private final boolean harmful;
    private final String what;

    Trouble(boolean harmful, String what) {
        this.harmful = harmful;
        this.what = what;
    }

    /** What happens, as part of a sentence, and short enough for a line of help. */
    public String what() {
        return what;
    }

    /** Whether records that were durable there may be gone. */
    boolean harmful() {
        return harmful;
    }

    /** Whether it strikes two providers. */
    boolean ofTwo() {
        return this == RELAY || this == SPLIT || this == BACK_ALONE;
    }

    boolean ofNode() {
        return this == NODE_DISK_FULL || this == NODE_DISK_FAILING || this == NODE_DISK_LOST;
    }

    /** As a person writes it, such as {@code node-disk-full}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
