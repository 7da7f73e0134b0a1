package dev.holdfast.simulation.mutants;

import dev.holdfast.simulation.world.Shape;
import dev.holdfast.simulation.world.Trouble;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The worlds in which a mutant is hunted, told as {@code holdfast simulate} is told them, so that whoever reads the table can make the
 * same: {@code --nodes 3 --faults wipe,cut}. Whatever is not told is drawn by each seed, but for edges, of which there are none then.
 */
record Ground(Shape shape) {
    /** Three nodes, and five minutes in which things break: some mistakes show that short worlds seldom meet. */
    static final String LONG = "--nodes 3 --providers 2 --seconds 300 --calls 66";

    /** One to three origins, and two edges at which much is read. */
    static final String EDGES = "--edges 2";

    /** No drawn worlds, which hardly ever meet the moment in which the mistake matters: {@code HomeStories}, {@code NodeStories} or
     * {@code ReturnStories} or {@code BusyStories} tells of it. */
    static final String STORIES = "stories";

    /** The stories of {@code IncidentStories}, of what a node makes of what goes wrong at it. */
    static final String INCIDENTS = "incidents";

    static Ground of(String options) {
        int nodes = 0;
        int providers = 0;
        int seconds = 0;
        int calls = 0;
        int edges = 0;
        Set<Trouble> faults = EnumSet.allOf(Trouble.class);
        String[] words = options.isEmpty() ? new String[0] : options.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            String value = words[i + 1];
            switch (words[i]) {
                case "--nodes" -> nodes = Integer.parseInt(value);
                case "--providers" -> providers = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--calls" -> calls = Integer.parseInt(value);
                case "--edges" -> edges = Integer.parseInt(value);
                case "--faults" -> faults = faults(value);
                default -> throw new IllegalArgumentException(words[i] + " in \"" + options + "\"");
            }
        }
        return new Ground(new Shape(nodes, providers, faults, seconds, calls, edges));
    }

    private static Set<Trouble> faults(String labels) {
        Set<Trouble> faults = EnumSet.noneOf(Trouble.class);
        for (String label : labels.split(",")) {
            faults.add(Trouble.valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_')));
        }
        return faults;
    }
}
