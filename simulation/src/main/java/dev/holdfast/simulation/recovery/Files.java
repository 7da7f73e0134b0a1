package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.KeyRef;
import java.util.HashSet;
import java.util.Set;

/** The files that proxies run on: the one in force, and each under a name of its own as well. */
final class Files {
    static final Key IN_FORCE = Key.of("features");
    private static final int GOOD_BYTES = 24 << 10;
    private static final int BAD_BYTES = 2 * GOOD_BYTES;

    private final Stack stack;
    private final Region region;
    private final Namespace namespace;
    private final Journal journal;
    private final Spread spread;
    private final Set<Long> bad = new HashSet<>();
    private long numbers;
    private long lastGood;

    Files(Stack stack, Region region, Namespace namespace, Journal journal, Spread spread) {
        this.stack = stack;
        this.region = region;
        this.namespace = namespace;
        this.journal = journal;
        this.spread = spread;
    }

    boolean bad(long number) {
        return bad.contains(number);
    }

    void first() {
        long number = ++numbers;
        lastGood = number;
        stack.fill(namespace, IN_FORCE, Stack.value(number, GOOD_BYTES));
        journal.acknowledged(new KeyRef(namespace.id(), IN_FORCE), number, region.scheduler.now());
    }

    /** @return whether it was acknowledged */
    boolean generated(boolean isBad) {
        long number = ++numbers;
        if (isBad) {
            bad.add(number);
        }
        byte[] file = Stack.value(number, isBad ? BAD_BYTES : GOOD_BYTES);
        stack.write(0, namespace, Key.of("features/" + number), file, null);
        return wrote(number, stack.write(0, namespace, IN_FORCE, file, null), !isBad);
    }

    private boolean wrote(long number, Stack.Wrote wrote, boolean good) {
        if (wrote == Stack.Wrote.ACKNOWLEDGED) {
            journal.acknowledged(new KeyRef(namespace.id(), IN_FORCE), number, region.scheduler.now());
            spread.acknowledged(number, region.scheduler.now());
            lastGood = good ? number : lastGood;
        }
        return wrote == Stack.Wrote.ACKNOWLEDGED;
    }

    /** Somebody makes a good one and writes it, however often that takes. */
    void byHand() {
        long number = ++numbers;
        while (!wrote(number, stack.write(0, namespace, IN_FORCE, Stack.value(number, GOOD_BYTES), null), true)) {
            region.world.park(Region.SECOND);
        }
    }

    /** Puts the last good one in force again, unless something else came to be in force meanwhile; however often that takes. */
    void back() {
        // Of a number of its own, so that it is known from when it was in force before.
        long number = ++numbers;
        Key kept = Key.of("features/" + lastGood);
        while (!backFrom(kept, number)) {
            region.world.park(Region.SECOND);
        }
    }

    private boolean backFrom(Key kept, long number) {
        if (!(stack.read(0, namespace, kept, true) instanceof Got.Value)
                || !(stack.read(0, namespace, IN_FORCE, true) instanceof Got.Value seen)) {
            return false;
        }
        // A try of which nobody knew may have come through.
        return wrote(
                number,
                seen.number() == number
                        ? Stack.Wrote.ACKNOWLEDGED
                        : stack.write(0, namespace, IN_FORCE, Stack.value(number, GOOD_BYTES), seen),
                true);
    }
}
