package dev.holdfast.cli;

import dev.holdfast.server.config.Spelling;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What somebody may have meant who wrote a name that does not exist. */
public final class Nearest {
    private Nearest() {}

    /** At most three of {@code names}, the most alike first; those too far off are left out. */
    public static List<String> to(String written, Collection<String> names) {
        String wanted = written.toLowerCase(Locale.ROOT);
        int farthest = Math.max(2, wanted.length() / 3);
        record Candidate(String name, int distance) {}
        return names.stream()
                .map(name -> new Candidate(name, Spelling.distance(wanted, name.toLowerCase(Locale.ROOT))))
                .filter(candidate -> candidate.distance <= farthest
                        || candidate.name.toLowerCase(Locale.ROOT).startsWith(wanted))
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(3)
                .map(Candidate::name)
                .toList();
    }
}
