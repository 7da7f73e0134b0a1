package dev.holdfast.simulation.scheduler;

import java.util.HexFormat;

/** A fingerprint of everything that happened in a run, in order. Not thread-safe. */
public final class Digest {
    private long state = 0x9e3779b97f4a7c15L;

    public void add(long word) {
        // The finaliser of SplitMix64 over a running sum: any change of any word or of their order shows.
        long z = state * 0xd1342543de82ef95L + word + 1;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        state = z ^ (z >>> 27);
    }

    public void add(String words) {
        add(words.length());
        add(words.hashCode());
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(state);
    }
}
