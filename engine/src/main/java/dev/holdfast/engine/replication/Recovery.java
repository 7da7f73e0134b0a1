package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one provider and brings it back: probes while it is current; while it is not, tries it with jitter and growing pauses
 * until enough tries in a row are good, gives it what it has missed, compares it where needed, and calls it current again.
 *
 * <p>A background thread of its own runs {@link #run} again and again.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final long BUSY_PAUSE_NANOS = 50_000_000;
    private static final int MAX_GOOD_PROBES = 12;
    /** How many calls {@link #trial} makes at most: identity, initialise or vitals, put, get, sight, scan. */
    private static final int TRIAL_CALLS = 6;

    private final Time time;
    private final Members members;
    private final HintLog hints;
    private final Marks marks;
    private final HybridClock clock;
    private final ReplicationConfig config;
    private final Place place;
    private final Comparisons comparisons;
    private final Member member;
    private final Drain drain;
    private final Key probeKey;
    private int goodProbes;
    private int neededProbes;
    private int failures;

    Recovery(Parts parts, Place place, Comparisons comparisons, Member member, String node) {
        this.time = parts.time();
        this.members = parts.members();
        this.hints = parts.hints();
        this.marks = parts.marks();
        this.clock = parts.clock();
        this.config = parts.config();
        this.place = place;
        this.comparisons = comparisons;
        this.member = member;
        this.drain = new Drain(parts, member);
        this.probeKey = Key.of("probe/" + node);
        this.neededProbes = config.goodProbes();
    }

    /** One step, and a rest with jitter: many nodes must not try a returning provider at the same moments. */
    long run() throws InterruptedException {
        long pause = step();
        return pause / 2 + time.random().nextLong(Math.max(1, pause));
    }

    /** @return how long to rest before the next step */
    private long step() throws InterruptedException {
        try {
            return switch (member.health.state()) {
                case CURRENT -> watch();
                case SUSPECT, DOWN -> tryAgain();
                case CATCHING_UP -> catchUp();
            };
        } catch (LocalStoreFault fault) {
            LOG.error("the recovery of provider {} waits for this node's disk: {}", member, fault.getMessage());
            return config.maxRetryInterval().toNanos();
        }
    }

    private long watch() throws InterruptedException, LocalStoreFault {
        member.phase = "";
        if (!timed(1, this::probe)) {
            return BUSY_PAUSE_NANOS;
        }
        failures = 0;
        if (hints.depth(member) > 0) {
            drain.run();
            return BUSY_PAUSE_NANOS;
        }
        marks.clear(member);
        return config.probeInterval().toNanos();
    }

    private long tryAgain() throws InterruptedException, LocalStoreFault {
        member.phase = "probing";
        if (timed(TRIAL_CALLS, this::trial)) {
            goodProbes++;
            if (goodProbes >= neededProbes) {
                goodProbes = 0;
                // It has to prove itself for longer each time that it leaves again soon.
                neededProbes = Math.min(neededProbes * 2, MAX_GOOD_PROBES);
                members.move(member, ProviderState.CATCHING_UP, "answers again");
                return 1;
            }
            return config.retryInterval().toNanos() / 2;
        }
        goodProbes = 0;
        failures++;
        long pause = config.retryInterval().toNanos() << Math.min(failures, 16);
        return Math.min(pause, config.maxRetryInterval().toNanos());
    }

    private long catchUp() throws InterruptedException, LocalStoreFault {
        failures = 0;
        member.phase = "draining";
        boolean drained = drain.run();
        if (member.health.state() != ProviderState.CATCHING_UP) {
            return 1;
        }
        if (!drained) {
            return config.retryInterval().toNanos();
        }
        if (member.health.mustCompare()) {
            member.phase = "comparing";
            if (!comparisons.verify(member)) {
                return config.retryInterval().toNanos();
            }
        }
        if (hints.depth(member) == 0 && timed(TRIAL_CALLS, this::trial) && members.admit(member)) {
            neededProbes = config.goodProbes();
            member.phase = "";
            LOG.info("provider {} has caught up", member);
        }
        return 1;
    }

    /** A piece of probing. */
    private interface Probe {
        void run() throws ProviderFault, LocalStoreFault;
    }

    /**
     * Runs the probe in a thread of its own for as long as the provider is given, since one that does not answer would hold this
     * thread as well.
     */
    private boolean timed(int calls, Probe probe) throws InterruptedException, LocalStoreFault {
        Question<Boolean> question = new Question<>(time, members, CallKind.PROBE, calls);
        LocalStoreFault[] local = new LocalStoreFault[1];
        question.ask(member, provider -> {
            try {
                probe.run();
                return true;
            } catch (LocalStoreFault fault) {
                local[0] = fault;
                return false;
            }
        });
        // One that is not current is given up as soon as it is late; of one that is, the answer may still tell what
        // ails it.
        question.await(
                time.nanos() + 4L * calls * members.deadlineNanos(member, CallKind.PROBE),
                () -> question.allIn() || (question.late(member) && !member.health.current()));
        question.close();
        if (local[0] != null) {
            throw local[0];
        }
        return Boolean.TRUE.equals(question.answer(member));
    }

    private void probe() throws ProviderFault, LocalStoreFault {
        place.checkVitals(member);
    }

    /** Uses the provider as clients will: writes, and reads back in each way what it wrote. */
    private void trial() throws ProviderFault, LocalStoreFault {
        place.inspect(member, false);
        Record record = Record.of(NodeMemory.stamp(clock), member.name().getBytes(StandardCharsets.UTF_8));
        NamespaceId system = NamespaceId.SYSTEM;
        boolean kept = inTime(CallKind.WRITE, p -> p.putIfNewer(system, probeKey, record))
                        .stored()
                && inTime(CallKind.READ, p -> p.get(system, probeKey)).equals(new Lookup.Present(record))
                && inTime(CallKind.READ, p -> p.sight(system, probeKey))
                        .version()
                        .equals(record.version())
                && inTime(CallKind.SCAN, p -> p.scan(system, probeKey.bytes(), null, 1)).rows().stream()
                        .anyMatch(row -> row.head().version().equals(record.version()));
        if (!kept) {
            throw new ProviderFault(FaultKind.CORRUPT, "it does not give back what was just written to it");
        }
    }

    /** Each call must keep to the deadline that clients would give it, or the provider would be ejected at once again. */
    private <T> T inTime(CallKind kind, Member.Call<T> call) throws ProviderFault {
        long start = time.nanos();
        T answer = call.on(member.provider);
        if (time.nanos() - start > members.deadlineNanos(member, kind)) {
            throw new ProviderFault(FaultKind.TIMEOUT, "it answers too slowly");
        }
        return answer;
    }
}
