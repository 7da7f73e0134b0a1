package dev.holdfast.engine.incident;

import dev.holdfast.engine.incident.Sources.Expiry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What is found of things that are good for a time only: of each that is one of its own, and of all that are alike together. */
final class Expiries {
    /** For how long one that is over is told of. */
    private static final long EXPIRED_MILLIS = 86_400_000;

    private static final int NAMED = 3;

    private Expiries() {}

    static void look(List<Expiry> all, long wall, Consumer<Finding> found) {
        Map<String, List<Expiry>> ending = new TreeMap<>();
        Map<String, List<Expiry>> over = new TreeMap<>();
        for (Expiry each : all) {
            long left = each.at() - wall;
            if (left <= each.warnMillis() && left >= -EXPIRED_MILLIS) {
                (left > 0 ? ending : over)
                        .computeIfAbsent(each.among().isEmpty() ? each.name() : each.among(), _ -> new ArrayList<>())
                        .add(each);
            }
        }
        ending.forEach((subject, these) -> found.accept(new Finding(
                AlarmKind.EXPIRY, subject, "", sentence(these, "is good until ", " only", "end soon, the first at "))));
        over.forEach((subject, these) -> found.accept(new Finding(
                AlarmKind.EXPIRY,
                subject + " (over)",
                "",
                sentence(these, "is no longer good since ", "", "are no longer good, the first since "),
                these.stream()
                        .map(Expiry::afterwards)
                        .min(Comparator.naturalOrder())
                        .orElseThrow())));
    }

    private static String sentence(List<Expiry> these, String ofOne, String after, String ofMany) {
        these.sort(Comparator.comparingLong(Expiry::at).thenComparing(Expiry::name));
        Expiry first = these.getFirst();
        Instant at = Instant.ofEpochMilli(first.at());
        if (these.size() == 1) {
            return first.name() + " " + ofOne + at + after + ".";
        }
        String named = these.stream().limit(NAMED).map(Expiries::inASentence).collect(Collectors.joining(", "));
        return these.size() + " " + first.among() + " " + ofMany + at + ": " + named
                + (these.size() > NAMED ? " and " + (these.size() - NAMED) + " more." : ".");
    }

    private static String inASentence(Expiry one) {
        return Character.toLowerCase(one.name().charAt(0)) + one.name().substring(1);
    }
}
