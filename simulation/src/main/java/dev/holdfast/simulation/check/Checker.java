package dev.holdfast.simulation.check;

import java.util.List;

/** Reads a history and finds broken promises. */
public interface Checker {

    /** At most one violation for each key or call, the first. */
    List<Violation> check(Evidence evidence);

    /** All checkers that need nothing but the evidence. */
    List<Checker> ALL = List.of(new OpenCheck(), new RegisterCheck(), new ConditionCheck(), new ListingCheck());
}
