package dev.holdfast.simulation.world;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a world is made of, as far as that is not left to the seed.
 *
 * @param nodes how many nodes; 0 to draw one to three
 * @param providers how many providers; 0 to draw two or three
 * @param faults what may break; each seed draws some of them
 * @param breakSeconds how long things break, in virtual seconds; 0 to draw two to ten
 * @param calls about how many calls a virtual second the clients make together; 0 to draw some ten to some hundreds
 * @param edges how many edges; with any there are readers of what is near, at edges and origins. {@link #DRAW} to draw none to three
 */
public record Shape(int nodes, int providers, Set<Trouble> faults, int breakSeconds, int calls, int edges) {

    /** For edges, where 0 is a number like any other. */
    public static final int DRAW = -1;

    /** All is left to the seed. */
    public static final Shape DRAWN = new Shape(0, 0, EnumSet.allOf(Trouble.class), 0, 0, DRAW);

    /** One node over two providers, and no edge. */
    public static final Shape SMALL = new Shape(1, 2, EnumSet.allOf(Trouble.class), 0, 0, 0);

    public Shape {
        faults = Set.copyOf(faults);
    }
}
