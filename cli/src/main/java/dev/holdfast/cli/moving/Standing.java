package dev.holdfast.cli.moving;

import dev.holdfast.cli.moving.NodeAt.Seen;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** How far a move is, from what the nodes say now. Nothing of it is kept anywhere else. */
public enum Standing {
    ADD("A provider has to be added."),
    BACKFILL("A provider that joins does not hold all that the others hold yet."),
    PROMOTE("What has joined holds all; it has to be looked at, and promoted."),
    DEMOTE("A provider that leaves has to be demoted."),
    DRAIN("A provider that leaves has to be drained and removed."),
    DONE("All that come serve, and all that leave are gone.");

    private final String sentence;

    Standing(String sentence) {
        this.sentence = sentence;
    }

    /** The word for it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String sentence() {
        return sentence;
    }

    /** @param nodes the providers of each */
    public static Standing of(Move move, Collection<List<Seen>> nodes) {
        boolean absent = nodes.stream()
                .anyMatch(node -> !node.stream().map(Seen::name).toList().containsAll(move.to()));
        if (absent) {
            return ADD;
        }
        if (any(nodes, move.to(), seen -> !seen.lacksNothing())) {
            return BACKFILL;
        }
        if (any(nodes, move.to(), seen -> !seen.serves())) {
            return PROMOTE;
        }
        if (any(nodes, move.from(), Seen::serves)) {
            return DEMOTE;
        }
        return any(nodes, move.from(), _ -> true) ? DRAIN : DONE;
    }

    private static boolean any(Collection<List<Seen>> nodes, List<String> names, Predicate<Seen> is) {
        return nodes.stream().flatMap(List::stream).anyMatch(seen -> names.contains(seen.name()) && is.test(seen));
    }
}
