package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.Key;

/**
 * What a namespace may do now at a node.
 *
 * @param percent of the keys that may come through, 1 to 99 of a {@link Kind#RAMPING} gate, otherwise 0 or 100
 */
public record Gate(Kind kind, int percent) {
    /** All that is asked for. */
    public static final Gate OPEN = new Gate(Kind.OPEN, 100);

    /** Reads of what this node knows; nothing that needs a provider or another node. */
    public static final Gate STALE_ONLY = new Gate(Kind.STALE_ONLY, 0);

    /** Nothing at all. */
    public static final Gate CLOSED = new Gate(Kind.CLOSED, 0);

    private static final String RAMPING = "%";
    /** Into so many equal shares keys are parted by their hash. */
    static final int SHARES = 100;

    /** How far a gate is open. */
    public enum Kind {
        OPEN,
        /** As {@link #OPEN} for a share of the keys, and as {@link #STALE_ONLY} for the others. */
        RAMPING,
        STALE_ONLY,
        CLOSED
    }

    /** A gate that lets a share of the keys through. */
    public static Gate ramping(int percent) {
        if (percent < 1 || percent > 99) {
            throw new IllegalArgumentException("A share is 1% to 99%; all is \"open\", nothing \"stale-only\".");
        }
        return new Gate(Kind.RAMPING, percent);
    }

    /** @throws IllegalArgumentException with a sentence for people, when it is no gate */
    public static Gate parse(String text) {
        return switch (text) {
            case "open" -> OPEN;
            case "stale-only" -> STALE_ONLY;
            case "closed" -> CLOSED;
            default -> ramping(share(text));
        };
    }

    private static int share(String text) {
        try {
            if (text.endsWith(RAMPING)) {
                return Integer.parseInt(text.substring(0, text.length() - RAMPING.length()));
            }
        } catch (NumberFormatException notANumber) {
            // It is said below.
        }
        throw new IllegalArgumentException(
                "A gate is open, stale-only, closed, or a share of the keys such as 25%; not \"" + text + "\".");
    }

    /**
     * Whether what is asked of a key may go on to those who hold it. Keys are chosen by their hash, so that those who may are the
     * same at every node and all the time, and their share of the cache fills; a wider share has all keys of a narrower one.
     */
    boolean admits(Key key) {
        return switch (kind) {
            case OPEN -> true;
            case RAMPING -> hundredth(key) < percent;
            case STALE_ONLY, CLOSED -> false;
        };
    }

    /** In which hundredth of all keys one is, 0 to 99: a share of so many percent has those below. */
    static int hundredth(Key key) {
        return (int) ((Integer.toUnsignedLong(mixed(key.hashCode())) * SHARES) >>> Integer.SIZE);
    }

    /** Whether what is no single key's may go on: a listing. */
    boolean admitsAll() {
        return kind == Kind.OPEN;
    }

    /** The finalizer of MurmurHash3 (Austin Appleby, public domain): the hash of short names alone is not spread evenly. */
    private static int mixed(int hash) {
        int h = hash;
        h ^= h >>> 16;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        return h ^ (h >>> 16);
    }

    /** As {@link #parse} takes it. */
    @Override
    public String toString() {
        return switch (kind) {
            case OPEN -> "open";
            case STALE_ONLY -> "stale-only";
            case CLOSED -> "closed";
            case RAMPING -> percent + RAMPING;
        };
    }
}
