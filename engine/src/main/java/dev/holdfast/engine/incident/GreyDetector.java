package dev.holdfast.engine.incident;

import dev.holdfast.engine.incident.ProviderDelta.Calls;
import dev.holdfast.engine.replication.CallKind;
import dev.holdfast.engine.replication.ProviderState;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Grey failure: a provider that its health calls current, and that does part of its work badly (Huang et al., "Gray Failure", 2017). Each
 * kind of call is looked at by itself, since one kind that never works is outweighed by others that do.
 *
 * <ul>
 *   <li>It <em>fails</em>: in ten seconds at least five calls of a kind, in two looks or more, and at least one in fifty; and four times
 *       the share that the best other provider fails, of those that were called as often.
 *   <li>It is <em>slow</em>: over two seconds with twenty calls or more, a call takes on average eight times as long as usual, four
 *       times as long as at the best other provider, and more than {@value #LEAST_NANOS} ns. What is usual is learned over minutes, and
 *       not while it is slow.
 * </ul>
 *
 * A pause of this node hits all providers alike, and so is not held against one.
 */
final class GreyDetector implements Detector {
    private static final long SECOND = 1_000_000_000L;
    private static final long HELD_NANOS = 10 * SECOND;
    private static final long LEAST_NANOS = 10_000_000L;
    private static final int FEWEST_FAILED = 5;
    private static final double FAILED_SHARE = .02;
    private static final int FEWEST_CALLS = 20;
    private static final double THAN_USUAL = 8;
    private static final double THAN_OTHERS = 4;
    /** Of what is new in what is usual, each look: half of it is replaced in about five minutes. */
    private static final double LEARNED = 1 / 1_600.0;

    private final Map<String, Map<CallKind, Seen>> seen = new HashMap<>();
    private final Held held = new Held(HELD_NANOS);

    /** Of one kind of calls to one provider. */
    private static final class Seen {
        private static final int GOOD = 0;
        private static final int MICROS = 1;
        private static final int FAILED = 2;
        private static final int LOOKS = 3;
        private static final int FAILED_SECONDS = 10;
        private static final int SLOW_SECONDS = 2;

        private final Ring ring = new Ring(SECOND / 4, 4 * FAILED_SECONDS + 1, 4);
        private double usualMicros;

        private void add(long nanos, Calls calls) {
            ring.add(nanos, GOOD, calls.good());
            ring.add(nanos, MICROS, calls.nanos() / 1_000);
            ring.add(nanos, FAILED, calls.failed());
            ring.add(nanos, LOOKS, calls.failed() > 0 ? 1 : 0);
        }

        private long sum(long nanos, int seconds, int field) {
            return ring.sum(nanos, 4 * seconds, field);
        }

        private double failedShare(long nanos) {
            long failed = sum(nanos, FAILED_SECONDS, FAILED);
            return failed == 0 ? 0 : failed / (double) (failed + sum(nanos, FAILED_SECONDS, GOOD));
        }

        /** Whether it was called often enough to be compared with. */
        private boolean called(long nanos) {
            return sum(nanos, FAILED_SECONDS, FAILED) + sum(nanos, FAILED_SECONDS, GOOD) >= FEWEST_FAILED;
        }

        private boolean fails(long nanos, double others) {
            double share = failedShare(nanos);
            return sum(nanos, FAILED_SECONDS, FAILED) >= FEWEST_FAILED
                    && sum(nanos, FAILED_SECONDS, LOOKS) >= 2
                    && share >= FAILED_SHARE
                    && share >= THAN_OTHERS * others;
        }

        /** How long a call takes; 0 for too few to tell. */
        private double micros(long nanos) {
            long good = sum(nanos, SLOW_SECONDS, GOOD);
            return good < FEWEST_CALLS ? 0 : sum(nanos, SLOW_SECONDS, MICROS) / (double) good;
        }

        private boolean slow(double micros, double others) {
            return usualMicros > 0
                    && micros * 1_000 > LEAST_NANOS
                    && micros >= THAN_USUAL * usualMicros
                    && micros >= THAN_OTHERS * others;
        }

        private void learn(double micros) {
            if (micros > 0) {
                usualMicros = usualMicros == 0 ? micros : usualMicros + LEARNED * (micros - usualMicros);
            }
        }
    }

    @Override
    public void look(Observation now, Consumer<Finding> found) {
        seen.keySet()
                .retainAll(now.providers().stream().map(ProviderDelta::name).toList());
        for (ProviderDelta provider : now.providers()) {
            for (Calls calls : provider.calls()) {
                seen.computeIfAbsent(provider.name(), _ -> new EnumMap<>(CallKind.class))
                        .computeIfAbsent(calls.kind(), _ -> new Seen())
                        .add(now.nanos(), calls);
            }
        }
        for (ProviderDelta provider : now.providers()) {
            if (provider.view().state() == ProviderState.CURRENT) {
                for (CallKind kind : CallKind.values()) {
                    judge(provider.name(), kind, now.nanos());
                }
            }
        }
        held.forEach(now.nanos(), found);
    }

    private void judge(String name, CallKind kind, long nanos) {
        Seen own = of(name, kind);
        double micros = own.micros(nanos);
        double others = Double.MAX_VALUE;
        double othersFail = Double.MAX_VALUE;
        for (String other : seen.keySet()) {
            Seen theirs = of(other, kind);
            if (theirs != own) {
                othersFail = theirs.called(nanos) ? Math.min(othersFail, theirs.failedShare(nanos)) : othersFail;
                double takes = theirs.micros(nanos);
                others = takes > 0 ? Math.min(others, takes) : others;
            }
        }
        if (own.fails(nanos, othersFail == Double.MAX_VALUE ? 0 : othersFail)) {
            long failed = own.sum(nanos, Seen.FAILED_SECONDS, Seen.FAILED);
            long all = failed + own.sum(nanos, Seen.FAILED_SECONDS, Seen.GOOD);
            held.found(
                    new Finding(
                            AlarmKind.GREY,
                            name,
                            Finding.FAILS,
                            "Provider " + name + " is taken to be well and fails or is late with " + failed + " of "
                                    + all + " calls to " + kind.label() + " in ten seconds."),
                    nanos);
        }
        if (micros > 0 && own.slow(micros, others == Double.MAX_VALUE ? 0 : others)) {
            held.found(
                    new Finding(
                            AlarmKind.GREY,
                            name,
                            "slow " + kind.label(),
                            "Provider " + name + " is taken to be well and takes " + millis(micros) + " ms to "
                                    + kind.label() + ", where " + millis(own.usualMicros) + " ms are usual."),
                    nanos);
        } else {
            own.learn(micros);
        }
    }

    private Seen of(String name, CallKind kind) {
        return seen.getOrDefault(name, Map.of()).getOrDefault(kind, NONE);
    }

    private static final Seen NONE = new Seen();

    private static double millis(double micros) {
        return Math.round(micros / 10) / 100.0;
    }
}
