package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Vitals;
import dev.holdfast.engine.replication.NodeMemory.Remembered;
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
    /** Until a hint that is on its way to the disk has come there. */
    private static final long SOON_NANOS = 1_000_000;

    private static final int MAX_GOOD_PROBES = 12;
    /** While nobody can vouch for anything, the longest pause between two tries, in retry intervals. */
    private static final int NOBODY_VOUCHES_INTERVALS = 3;
    /** How many calls {@link #trial} makes at most: identity, initialise or removal, vitals, put, get, sight, scan. */
    private static final int TRIAL_CALLS = 7;

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
        this.probeKey = probeKey(node);
        this.neededProbes = config.goodProbes();
    }

    /** Where a node writes when it tries a provider. */
    static Key probeKey(String node) {
        return Key.of("probe/" + node);
    }

    /** One step, and a rest with jitter: many nodes must not try a returning provider at the same moments. */
    long run() throws InterruptedException {
        boolean served = !nobodyServes();
        long pause = step();
        long rest = pause / 2 + time.random().nextLong(Math.max(1, pause));
        boolean current = member.health.current();
        // One that has just been given up is tried at once, and so is one that may be all there is from now on, since
        // writes wait for it.
        members.changed()
                .await(time.nanos() + rest, () -> member.health.current() != current || (served && nobodyServes()));
        return 0;
    }

    private boolean nobodyVouches() {
        return members.where(Health::wordCounts).isEmpty();
    }

    private boolean nobodyServes() {
        return members.where(Health::takesWrites).isEmpty();
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
        member.doing = "";
        Optional<Remembered> before = place.remembered(member);
        // Only the asking is timed: what this node's own disk takes to remember the answer is not the provider's fault.
        Vitals vitals = timed(1, Provider::probe);
        if (vitals == null) {
            return BUSY_PAUSE_NANOS;
        }
        place.learn(member, before, vitals);
        failures = 0;
        if (hints.depth(member) > 0) {
            drain.run();
            return BUSY_PAUSE_NANOS;
        }
        if (marks.owed(member) && members.where(Health::current).size() > 1) {
            members.lied(member, "hints for it are lost, so it has to be compared");
            return 1;
        }
        marks.clear(member);
        return config.probeInterval().toNanos();
    }

    private long tryAgain() throws InterruptedException, LocalStoreFault {
        member.doing = "probing";
        if (tried()) {
            member.health.proved();
            goodProbes++;
            // Patience with one that comes and goes protects those who can do without it.
            if (goodProbes >= neededProbes || nobodyVouches()) {
                goodProbes = 0;
                // It has to prove itself for longer each time that it leaves again soon.
                neededProbes = Math.min(neededProbes * 2, MAX_GOOD_PROBES);
                members.move(member, ProviderState.CATCHING_UP, "answers again");
                return 1;
            }
            return Math.max(config.retryInterval().toNanos() / 2, member.ration.nanosFor(TRIAL_CALLS));
        }
        // Not all of them are lost with one that is late: over ways that are slow now and then it would never come
        // back.
        goodProbes = Math.max(0, goodProbes - 1);
        failures++;
        long pause = config.retryInterval().toNanos() << Math.min(failures, 16);
        long longest = nobodyVouches()
                ? NOBODY_VOUCHES_INTERVALS * config.retryInterval().toNanos()
                : config.maxRetryInterval().toNanos();
        return Math.min(pause, longest);
    }

    private long catchUp() throws InterruptedException, LocalStoreFault {
        failures = 0;
        member.doing = "draining";
        boolean drained = drain.run();
        if (member.health.state() != ProviderState.CATCHING_UP) {
            return 1;
        }
        if (!drained) {
            return config.retryInterval().toNanos();
        }
        // Before the comparison: it waits for the marks of other nodes, and they wait for this one's.
        marks.clear(member);
        if (member.health.mustCompare()) {
            member.doing = "comparing";
            if (!comparisons.verify(member)) {
                return config.retryInterval().toNanos();
            }
        }
        if (hints.depth(member) > 0) {
            return SOON_NANOS;
        }
        if (!tried()) {
            return config.retryInterval().toNanos();
        }
        if (member.health.held()) {
            member.doing = "complete, and used for writes only";
            return config.probeInterval().toNanos();
        }
        if (members.admit(member)) {
            neededProbes = config.goodProbes();
            member.doing = "";
            LOG.info("provider {} has caught up", member);
        }
        return 1;
    }

    private boolean tried() throws InterruptedException, LocalStoreFault {
        LocalStoreFault[] local = new LocalStoreFault[1];
        Boolean good = timed(TRIAL_CALLS, _ -> {
            try {
                trial();
                return true;
            } catch (LocalStoreFault fault) {
                local[0] = fault;
                return false;
            }
        });
        if (local[0] != null) {
            throw local[0];
        }
        return Boolean.TRUE.equals(good);
    }

    /**
     * Asks in a thread of its own for as long as the provider is given, since one that does not answer would hold this thread
     * as well. One that is not current is given up as soon as it is silent for longer than a call may take; of one that is, the answer
     * may still tell what ails it.
     */
    private <T> @Nullable T timed(int calls, Member.Call<T> call) throws InterruptedException {
        long begun = time.nanos();
        long end = begun + 2L * calls * members.deadlineNanos(member, CallKind.PROBE);
        long longest = 0;
        for (CallKind kind : CallKind.values()) {
            longest = Math.max(longest, members.deadlineNanos(member, kind));
        }
        Question<T> question = new Question<>(time, members, CallKind.PROBE, calls);
        question.ask(member, call);
        long until = end;
        do {
            if (!member.health.current()) {
                until = Math.min(end, Math.max(begun, time.nanos() - member.health.silentNanos()) + longest);
            }
        } while (time.nanos() < until && !question.await(until, question::allIn));
        question.close();
        return question.answer(member);
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

    /**
     * Each call must keep to the deadline that clients would give it, or the provider would be ejected at once again. While nobody can
     * vouch for anything, one that is late is better than none.
     */
    private <T> T inTime(CallKind kind, Member.Call<T> call) throws ProviderFault {
        long start = time.nanos();
        T answer = member.call(call);
        if (time.nanos() - start > members.deadlineNanos(member, kind) && !nobodyVouches()) {
            throw new ProviderFault(FaultKind.TIMEOUT, "it answers too slowly");
        }
        return answer;
    }
}
