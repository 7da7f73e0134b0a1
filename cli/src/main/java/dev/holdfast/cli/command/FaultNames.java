package dev.holdfast.cli.command;

import dev.holdfast.cli.Nearest;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.simulation.world.Trouble;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What may break in a simulated world, as it is named on the command line. */
final class FaultNames {
    private static final List<String> ALL =
            Arrays.stream(Trouble.values()).map(Trouble::label).toList();

    private FaultNames() {}

    /** Everything, where nothing is named. */
    static Set<Trouble> read(List<String> names) {
        Set<Trouble> wanted = EnumSet.noneOf(Trouble.class);
        for (String name : names) {
            String label = name.strip().toLowerCase(Locale.ROOT).replace('_', '-');
            wanted.add(Arrays.stream(Trouble.values())
                    .filter(trouble -> trouble.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> unknown(name.strip(), label)));
        }
        return wanted.isEmpty() ? EnumSet.allOf(Trouble.class) : wanted;
    }

    private static Failure unknown(String name, String label) {
        List<String> near = label.isEmpty() ? List.of() : Nearest.to(label, ALL);
        return new Failure(
                Failure.USAGE,
                "No fault is called \"" + name + "\"."
                        + (near.isEmpty() ? "" : " Did you mean " + String.join(" or ", near) + "?") + " There are "
                        + String.join(", ", ALL) + ".");
    }

    /** A line for each. */
    static String help() {
        StringBuilder lines = new StringBuilder("%nFaults:\n");
        int width = ALL.stream().mapToInt(String::length).max().orElse(0);
        for (Trouble trouble : Trouble.values()) {
            lines.append("  ")
                    .append(trouble.label())
                    .repeat(' ', width - trouble.label().length() + 2)
                    .append(trouble.what())
                    .append('\n');
        }
        return lines.toString();
    }
}
