package dev.holdfast.simulation.world;

import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Two providers in trouble, one after the other: the second before the store has verified that the first lacks nothing. That is more
 * than the fault budget allows, so calls may fail. But one provider at most is harmed, so nothing that was acknowledged is lost; and
 * no answer that calls itself confirmed is older than it may be.
 */
final class Relay {
    private final long faultNanos;
    private final SimulatedTime time;
    private final SplittableRandom random;
    private final Recorder recorder;
    private final List<Node> nodes;
    private final List<Client> witnesses;

    /** @param witnesses one at each node, to see what is answered while there is something to see, which is not for long */
    Relay(
            long faultNanos,
            SimulatedTime time,
            SplittableRandom random,
            Recorder recorder,
            List<Node> nodes,
            List<Client> witnesses) {
        this.faultNanos = faultNanos;
        this.time = time;
        this.random = random;
        this.recorder = recorder;
        this.nodes = nodes;
        this.witnesses = witnesses;
    }

    /** Both are reachable again when it returns. */
    void run(Trouble kind, Home first, Home second) {
        switch (kind) {
            case RELAY -> relay(first, second);
            case SPLIT -> split(first, second);
            case BACK_ALONE -> goesBackAlone(first, second);
            default -> throw new IllegalArgumentException(kind + " strikes one");
        }
    }

    /** Each of two nodes sees the one that the other does not, for longer than they may go without knowing of each other. */
    private void split(Home first, Home second) {
        int one = random.nextInt(nodes.size());
        part(first, one);
        part(second, (one + 1 + random.nextInt(nodes.size() - 1)) % nodes.size());
        time.park(Claims.LAG_NANOS + random.nextLong(Claims.LAG_NANOS));
        returns(first);
        returns(second);
    }

    private void part(Home home, int node) {
        recorder.troubleBegins(home.place().name(), false);
        recorder.fault(Trouble.PARTED + " [" + home.place().name() + "] from "
                + nodes.get(node).name());
        home.ways().get(node).inject(Fault.of(FaultMode.ERROR));
    }

    /** One returns as the other one goes, and a node that holds what the first has missed may be away just then. */
    private void relay(Home first, Home second) {
        cut(first);
        pause();
        Node holder = nodes.get(random.nextInt(nodes.size()));
        boolean away = random.nextBoolean() && holder.runs();
        if (away) {
            recorder.fault(holder.name() + " crashes");
            holder.crash();
        }
        // By a hair before or after: then nobody is left for a moment.
        boolean overlap = random.nextInt(4) == 0;
        if (!overlap) {
            returns(first);
            pause();
        }
        cut(second);
        if (overlap) {
            pause();
            returns(first);
        }
        pause();
        if (away) {
            recorder.incident(holder.name() + " starts");
            holder.start();
        }
        returns(second);
    }

    /** The last one that is left turns out to have been restored from a copy. */
    private void goesBackAlone(Home first, Home second) {
        second.place().backUp();
        // Long enough for other nodes to have to know what was written since.
        time.park(Breaker.NOTICED_NANOS + random.nextLong(4 * Breaker.NOTICED_NANOS + faultNanos));
        cut(first);
        pause();
        recorder.troubleBegins(second.place().name(), true);
        recorder.fault(Trouble.ROLL_BACK + " [" + second.place().name() + "]");
        second.place().rollBack();
        witnesses.forEach(Client::list);
        pause();
        returns(first);
    }

    private void pause() {
        time.park(random.nextLong(faultNanos));
    }

    private void cut(Home home) {
        recorder.troubleBegins(home.place().name(), false);
        recorder.fault(Trouble.CUT + " [" + home.place().name() + "]");
        home.place().cut(true);
    }

    private void returns(Home home) {
        home.place().cut(false);
        home.ways().forEach(FaultyProvider::clear);
        recorder.incident("mended [" + home.place().name() + "]");
    }
}
