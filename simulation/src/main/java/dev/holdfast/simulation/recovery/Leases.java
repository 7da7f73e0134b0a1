package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.simulation.coldstart.Felt;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A subsystem that depends on the store: each of its machines has a lease there, which is renewed now and then, by a read past all caches
 * and a write. What does not come in time is tried again soon, without end, and without ever waiting longer: all that is due comes at once.
 */
final class Leases {
    private static final long RETRY_NANOS = 1_000_000_000L;

    private final Region region;
    private final Stack stack;
    private final Namespace namespace;
    private final int places;
    private final long renewNanos;
    private final Journal journal;
    private final List<Check> checks;
    private final long[] renewed;

    Leases(
            Region region,
            Stack stack,
            Namespace namespace,
            int places,
            int machines,
            int renewSeconds,
            Journal journal,
            List<Check> checks) {
        this.region = region;
        this.stack = stack;
        this.namespace = namespace;
        this.places = places;
        this.renewNanos = renewSeconds * Region.SECOND;
        this.journal = journal;
        this.checks = checks;
        this.renewed = new long[machines];
    }

    /** Gives all machines their first lease, while all is well. */
    void fill() {
        for (int machine = 0; machine < renewed.length; machine++) {
            stack.fill(namespace, key(machine), Stack.value(1, Users.VALUE_BYTES));
            journal.acknowledged(new KeyRef(namespace.id(), key(machine)), 1, region.scheduler.now());
            region.world.park(Region.SECOND);
        }
    }

    /** Renews them from now on. */
    void live(SplittableRandom random) {
        for (int machine = 0; machine < renewed.length; machine++) {
            int own = machine;
            SplittableRandom drawn = random.split();
            renewed[machine] = region.scheduler.now();
            region.world.fork("lease", () -> live(own, drawn));
        }
    }

    private static Key key(int machine) {
        return Key.of("lease-" + machine);
    }

    private void live(int machine, SplittableRandom random) {
        region.world.park(random.nextLong(renewNanos));
        long number = 1;
        while (true) {
            if (renews(machine, ++number)) {
                renewed[machine] = region.scheduler.now();
                region.world.park(renewNanos / 2 + random.nextLong(renewNanos));
            } else {
                region.world.park(RETRY_NANOS + random.nextLong(RETRY_NANOS));
            }
        }
    }

    private boolean renews(int machine, long number) {
        long began = region.scheduler.now();
        KeyRef ref = new KeyRef(namespace.id(), key(machine));
        int place = machine % places;
        Got got = stack.read(place, namespace, key(machine), true);
        for (Check check : checks) {
            check.read(ref, began, got);
        }
        if (!(got instanceof Got.Value seen)) {
            return false;
        }
        Stack.Wrote wrote = stack.write(place, namespace, key(machine), Stack.value(number, Users.VALUE_BYTES), seen);
        if (wrote == Stack.Wrote.FAILED) {
            journal.unknown(ref);
        } else if (wrote == Stack.Wrote.ACKNOWLEDGED) {
            journal.acknowledged(ref, number, region.scheduler.now());
        }
        return wrote == Stack.Wrote.ACKNOWLEDGED;
    }

    /** Notes how many are in force. */
    void note(Felt felt, int line, long validNanos) {
        long now = region.scheduler.now();
        for (long at : renewed) {
            if (now - at <= validNanos) {
                felt.answered(line, now);
            } else {
                felt.failed(line, now);
            }
        }
    }
}
