package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.simulation.coldstart.Felt;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What clients do, as SDKs and browsers do it: a request is given up after two seconds and sent again, three times at most, after 0.2 to
 * 0.4 s, then twice as long each time.
 */
final class Users {
    private static final int TRIES = 4;
    static final long PAUSE_NANOS = 200_000_000L;
    static final int VALUE_BYTES = 288;

    private final Stack stack;
    private final Scheduler scheduler;
    private final SimulatedTime world;
    private final Journal journal;
    private final Felt felt;
    private final List<Check> checks;
    private final Set<KeyRef> writing = new HashSet<>();
    private long numbers;

    Users(Stack stack, Scheduler scheduler, SimulatedTime world, Journal journal, Felt felt, List<Check> checks) {
        this.stack = stack;
        this.scheduler = scheduler;
        this.world = world;
        this.journal = journal;
        this.felt = felt;
        this.checks = checks;
    }

    /** Gives a key a value while all is well. */
    void fill(Namespace namespace, Key key) {
        long number = ++numbers;
        stack.fill(namespace, key, Stack.value(number, VALUE_BYTES));
        journal.acknowledged(new KeyRef(namespace.id(), key), number, scheduler.now());
    }

    /**
     * One user, who wants one key. That there is none, when there is one, is no answer to them.
     *
     * @param line of the felt shares
     * @param jitter below {@link #PAUSE_NANOS}
     */
    void read(int line, int place, Namespace namespace, Key key, long jitter) {
        long began = scheduler.now();
        KeyRef ref = new KeyRef(namespace.id(), key);
        Got got = Got.Nothing.FAILED;
        for (int tried = 0; tried < TRIES && got.failed(); tried++) {
            rest(tried, jitter);
            Got near = stack.atOnce(place, namespace, key);
            got = near == null ? stack.read(place, namespace, key, false) : near;
        }
        for (Check check : checks) {
            check.read(ref, began, got);
        }
        if (got instanceof Got.Value) {
            felt.answered(line, began);
        } else {
            felt.failed(line, began);
        }
    }

    private void rest(int tried, long jitter) {
        if (tried > 0) {
            world.park((PAUSE_NANOS + jitter) << (tried - 1));
        }
    }

    /** One try to write a key that nobody else writes now. Whoever finds somebody at it leaves it to them. */
    boolean wrote(int place, Namespace namespace, Key key) {
        KeyRef ref = new KeyRef(namespace.id(), key);
        if (!journal.judged(ref) || !writing.add(ref)) {
            return true;
        }
        long number = ++numbers;
        Stack.Wrote wrote = stack.write(place, namespace, key, Stack.value(number, VALUE_BYTES), null);
        writing.remove(ref);
        if (wrote == Stack.Wrote.ACKNOWLEDGED) {
            journal.acknowledged(ref, number, scheduler.now());
        } else {
            journal.unknown(ref);
        }
        return wrote == Stack.Wrote.ACKNOWLEDGED;
    }

    /** One write, of a key that nobody else writes now; nothing when somebody does. */
    void write(int line, int place, Namespace namespace, Key key, long jitter) {
        KeyRef ref = new KeyRef(namespace.id(), key);
        if (!journal.judged(ref) || !writing.add(ref)) {
            return;
        }
        long began = scheduler.now();
        long number = ++numbers;
        Stack.Wrote wrote = Stack.Wrote.FAILED;
        for (int tried = 0; tried < TRIES && wrote == Stack.Wrote.FAILED; tried++) {
            rest(tried, jitter);
            wrote = stack.write(place, namespace, key, Stack.value(number, VALUE_BYTES), null);
            if (wrote == Stack.Wrote.FAILED) {
                journal.unknown(ref);
            }
        }
        writing.remove(ref);
        if (wrote == Stack.Wrote.ACKNOWLEDGED) {
            journal.acknowledged(ref, number, scheduler.now());
            felt.answered(line, began);
        } else {
            felt.failed(line, began);
        }
    }
}
