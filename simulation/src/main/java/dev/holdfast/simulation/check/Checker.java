package dev.holdfast.simulation.check;

import dev.holdfast.simulation.history.History;
import java.util.List;

/** Reads a history and finds broken promises. */
public interface Checker {

    /** At most one violation for each key or call, the first. */
    List<Violation> check(History history);

    /** All checkers that need nothing but a history. */
    List<Checker> ALL = List.of(new OpenCheck(), new RegisterCheck(), new ConditionCheck(), new ListingCheck());
}
