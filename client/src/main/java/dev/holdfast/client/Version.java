package dev.holdfast.client;

/** Which write of a key it is. Versions are in total order, and the newest wins. */
public record Version(String hex) implements Comparable<Version> {
    private static final int DIGITS = 16;

    /** @param hex sixteen hexadecimal digits in lower case */
    public Version {
        boolean right = hex.length() == DIGITS && hex.chars().allMatch(c -> "0123456789abcdef".indexOf(c) >= 0);
        if (!right) {
            throw new IllegalArgumentException("\"" + hex + "\" is not a version: sixteen hexadecimal digits");
        }
    }

    @Override
    public int compareTo(Version other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
