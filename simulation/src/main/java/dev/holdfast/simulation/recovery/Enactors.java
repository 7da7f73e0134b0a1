package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import org.jspecify.annotations.Nullable;

/**
 * Two automations that apply plans of an endpoint's addresses, and tidy up plans that are much older than what they have just applied. One
 * is late: it made sure that its plan is newer than the one in force, and applies it when three more have been applied meanwhile.
 */
final class Enactors {
    static final long NEWEST = 5;
    private static final long LATE = 2;
    private static final long KEPT = 2;
    private static final long PAUSE_NANOS = 5_000_000_000L;

    private final Stack stack;
    private final SimulatedTime world;
    private final Namespace namespace;
    private final boolean insisting;
    private final String prefix;

    Enactors(Stack stack, SimulatedTime world, Namespace namespace, boolean insisting) {
        this.stack = stack;
        this.world = world;
        this.namespace = namespace;
        this.insisting = insisting;
        this.prefix = insisting ? "insisting/" : "plain/";
    }

    private Key active() {
        return Key.of(prefix + "active");
    }

    private Key plan(long number) {
        return Key.of(prefix + "plan/" + number);
    }

    private Got read(Key key) {
        return stack.read(0, namespace, key, true);
    }

    /** @return the number of the plan to which the endpoint leads; 0 for nothing */
    long race() {
        stack.fill(namespace, active(), Stack.value(1, Users.VALUE_BYTES));
        made(1);
        made(LATE);
        // The late one looks now, and finds that its plan is newer than the one in force.
        Got.Value lateHasSeen = seen();
        for (long number = LATE + 1; number <= NEWEST; number++) {
            made(number);
            apply(number, seen());
        }
        apply(LATE, lateHasSeen);
        for (long number = 1; number < NEWEST - KEPT; number++) {
            stack.delete(0, namespace, plan(number));
        }
        world.park(PAUSE_NANOS);
        return read(active()) instanceof Got.Value value && read(plan(value.number())) instanceof Got.Value
                ? value.number()
                : 0;
    }

    private void made(long number) {
        stack.write(0, namespace, plan(number), Stack.value(number, Users.VALUE_BYTES), null);
        world.park(PAUSE_NANOS);
    }

    private Got.@Nullable Value seen() {
        return read(active()) instanceof Got.Value value ? value : null;
    }

    private void apply(long number, Got.@Nullable Value seen) {
        stack.write(0, namespace, active(), Stack.value(number, Users.VALUE_BYTES), insisting ? seen : null);
        world.park(PAUSE_NANOS);
    }
}
