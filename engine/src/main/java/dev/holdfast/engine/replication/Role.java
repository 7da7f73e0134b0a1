package dev.holdfast.engine.replication;

import java.util.Locale;

/** What a provider is in the placement. One that joins or leaves is given all writes, and its word does not count. */
public enum Role {
    SERVING,
    /** It has been added, and serves once it is promoted. */
    JOINING,
    /** It has been demoted: it can be removed, or promoted again. */
    LEAVING,
    /** It is no part of the placement any more. */
    REMOVED;

    /** The word for it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Role of(String label) {
        for (Role role : values()) {
            if (role.label().equals(label)) {
                return role;
            }
        }
        return SERVING;
    }
}
