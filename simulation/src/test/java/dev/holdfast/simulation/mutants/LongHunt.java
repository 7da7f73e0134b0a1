package dev.holdfast.simulation.mutants;

import dev.holdfast.simulation.world.Shape;
import dev.holdfast.simulation.world.Trouble;
import java.util.EnumSet;

/** In worlds of three nodes in which things break for five minutes, some mistakes show that short ones seldom meet. */
public final class LongHunt extends Hunt {
    public LongHunt() {
        super(new Shape(3, 2, EnumSet.allOf(Trouble.class), 300, 66));
    }
}
