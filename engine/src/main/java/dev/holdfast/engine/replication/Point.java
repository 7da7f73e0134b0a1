package dev.holdfast.engine.replication;

import dev.holdfast.engine.replication.ChangeLog.Position;

/** A place in the log of a certain node, as clients keep it: {@code node.epoch.sequence}. The node's name may have dots. */
public record Point(String node, Position at) {

    /** @throws IllegalArgumentException when the text is none */
    public static Point parse(String text) {
        int dot = text.lastIndexOf('.', text.lastIndexOf('.') - 1);
        if (dot < 1) {
            throw new IllegalArgumentException("\"" + text + "\" is not a place in the log of a node");
        }
        return new Point(text.substring(0, dot), Position.parse(text.substring(dot + 1)));
    }

    @Override
    public String toString() {
        return node + "." + at;
    }
}
