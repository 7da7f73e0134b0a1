package dev.holdfast.client;

import java.util.LinkedHashMap;

/**
 * How far the changes of each node must have come for this client to see its own writes: the newest position it was given by
 * each. Thread-safe.
 */
final class Sessions {
    /** A node has another name after each start, and old ones are of no use for long. */
    private static final int MOST_NODES = 16;

    private final LinkedHashMap<String, String> newest = new LinkedHashMap<>(16, 0.75f, true);
    private volatile String header = "";

    /** @param position {@code <node>.<epoch>.<sequence>} */
    synchronized void seen(String position) {
        int second = position.lastIndexOf('.');
        int first = position.lastIndexOf('.', second - 1);
        if (first <= 0) {
            return;
        }
        String node = position.substring(0, first);
        String before = newest.get(node);
        if (before != null && !newer(position, before)) {
            return;
        }
        newest.put(node, position);
        if (newest.size() > MOST_NODES) {
            newest.remove(newest.keySet().iterator().next());
        }
        header = String.join(",", newest.values());
    }

    /** What to send with a read; empty for nothing. */
    String header() {
        return header;
    }

    /** @param one of the same node as {@code other} */
    private static boolean newer(String one, String other) {
        int epoch = compare(epoch(one), epoch(other));
        return epoch != 0 ? epoch > 0 : compare(sequence(one), sequence(other)) > 0;
    }

    private static String sequence(String position) {
        return position.substring(position.lastIndexOf('.') + 1);
    }

    private static String epoch(String position) {
        int end = position.lastIndexOf('.');
        return position.substring(position.lastIndexOf('.', end - 1) + 1, end);
    }

    /** Numbers without leading zeros, or of a fixed width: the longer is the larger. */
    private static int compare(String a, String b) {
        return a.length() != b.length() ? a.length() - b.length() : a.compareTo(b);
    }
}
