package dev.holdfast.simulation.coldstart;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Users who want keys of a node, and try again as SDKs do. */
final class Users {
    private static final long SECOND = 1_000_000_000L;
    /** Requests under way beyond which a server refuses, as {@code http.calls} has it. */
    private static final int MOST_UNDER_WAY = 4096;

    /** As SDKs and browsers do: a request is given up after two seconds, and sent again three times, later each time. */
    static final long GIVE_UP_NANOS = 2 * SECOND;

    static final long PAUSE_NANOS = 200_000_000;
    private static final int TRIES = 4;

    private final SimulatedTime world;
    private final Felt felt;
    private final Supplier<@Nullable Serving> node;

    /** @param node null while it does not run */
    Users(SimulatedTime world, Felt felt, Supplier<@Nullable Serving> node) {
        this.world = world;
        this.felt = felt;
        this.node = node;
    }

    /** A user whom the cache answers, which takes no time. */
    boolean usesAtOnce(int tier, Namespace namespace, Key key) {
        Serving now = node.get();
        boolean answered = now != null && now.atOnce(namespace, key);
        if (answered) {
            felt.answered(tier, world.nanos());
        }
        return answered;
    }

    /** One user, who wants one key and tries until that is too long. */
    void use(int tier, Namespace namespace, Key key, long jitter) {
        long began = world.nanos();
        for (int tried = 0; tried < TRIES; tried++) {
            if (tried > 0) {
                world.park((PAUSE_NANOS + jitter) << (tried - 1));
            }
            if (ask(namespace, key)) {
                felt.answered(tier, began);
                return;
            }
        }
        felt.failed(tier, began);
    }

    private boolean ask(Namespace namespace, Key key) {
        Serving now = node.get();
        if (now == null) {
            return false;
        }
        if (now.atOnce(namespace, key)) {
            return true;
        }
        if (felt.underWay() >= MOST_UNDER_WAY) {
            return false;
        }
        return new Request(now, namespace, key).send();
    }

    /** One request at the server, which goes on there when the client has given it up. */
    private final class Request {
        private final Serving at;
        private final Namespace namespace;
        private final Key key;
        private final Thread client = Thread.currentThread();
        private boolean done;
        private boolean answered;

        private Request(Serving at, Namespace namespace, Key key) {
            this.at = at;
            this.namespace = namespace;
            this.key = key;
        }

        private boolean send() {
            long until = world.nanos() + GIVE_UP_NANOS;
            felt.enters();
            at.time().fork("request", () -> {
                answered = at.read(namespace, key);
                done = true;
                felt.leaves();
                LockSupport.unpark(client);
            });
            while (!done && world.nanos() < until) {
                world.park(until - world.nanos());
            }
            return answered;
        }
    }
}
