package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Operation;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.simulation.coldstart.Felt;
import dev.holdfast.simulation.coldstart.Popularity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

/** Plays an {@link EmptyDns} on one arm. All arms meet the same users and machines. */
final class EmptyDnsWorld {
    private static final int READS = 0;
    private static final int LEASES = 1;
    private static final double WRITES_PER_SECOND = 0.1;

    private final EmptyDns plan;
    private final String arm;
    private final Region region = new Region();
    private final Namespace plans = Region.namespace(1, "plans", 0);
    private final Namespace leased = Region.namespace(2, "leases", 1);
    private final Namespace usual = Region.namespace(3, "usual", 2);
    private final FaultyProvider readsOfA = new FaultyProvider(region.a, region.world);
    private final FaultyProvider writesOfA = new FaultyProvider(readsOfA, region.world);
    private final FaultyProvider wayToB = new FaultyProvider(region.b, region.world);
    private final Popularity popularity;
    private final Felt felt;
    private final Journal journal = new Journal();
    private final LatePlan latePlan;
    private final LoadBounded load;
    private final List<Check> checks;
    private final Stack stack;
    private final Users users;
    private final Leases leases;

    EmptyDnsWorld(EmptyDns plan, String arm) {
        this.plan = plan;
        this.arm = arm;
        this.popularity = new Popularity(plan.keys());
        this.felt = new Felt(EmptyDns.lines().size(), plan.seconds());
        boolean single = arm.equals(EmptyDns.SINGLE);
        boolean usualStore = single || arm.equals(EmptyDns.FIRST_ACK);
        this.latePlan = new LatePlan(Enactors.NEWEST, !usualStore);
        this.load = new LoadBounded(felt, plan.begin(), plan.gone(), plan.seconds());
        this.checks = new ArrayList<>(List.of(
                latePlan,
                new NoEmptyAnswer(journal),
                new BackByItself(felt, EmptyDns.lines(), plan.gone(), plan.seconds(), EmptyDns.WITHIN_SECONDS),
                load,
                new NothingLost(journal, region.providers()),
                new NoOlderThanItSays(journal)));
        if (!EmptyDns.both(arm)) {
            checks.add(2, new LastHolder(felt, READS, plan.checksFail(), plan.checksPass()));
        }
        List<Provider> providers = single ? List.of(writesOfA) : List.of(writesOfA, wayToB);
        this.stack = usualStore
                ? new UsualStack(
                        region.world,
                        EmptyDns.PLACES,
                        EmptyDns.TTL_SECONDS * Region.SECOND,
                        providers,
                        region.scheduler,
                        region.random)
                : new HoldfastStack(
                        region.world,
                        List.of(plans, leased, usual),
                        EmptyDns.PLACES,
                        EmptyDns.TTL_SECONDS * Region.SECOND,
                        EmptyDns.admission(arm),
                        providers,
                        region.scheduler,
                        region.random);
        this.users = new Users(stack, region.scheduler, region.world, journal, felt, checks);
        this.leases = new Leases(
                region, stack, leased, EmptyDns.PLACES, plan.machines(), plan.renewSeconds(), journal, checks);
    }

    Played play() {
        region.scheduler.run(region.world.process(), this::live);
        OptionalInt back = Back.after(felt, LEASES, plan.gone(), plan.seconds());
        List<Played.Fact> facts = List.of(
                new Played.Fact(
                        "reads answered while it lasted", Words.percent(felt.share(READS, plan.begin(), plan.gone()))),
                new Played.Fact("leases in force, least", Words.percent(least())),
                new Played.Fact("leases back after", back.isEmpty() ? "never" : back.getAsInt() + " s"),
                new Played.Fact("most load after, of before", Words.times(load.times())));
        return new Series(felt, plan.seconds())
                .played(arm, EmptyDns.what(arm), checks, facts, EmptyDns.lines(), plan.begin(), region.scheduler);
    }

    private double least() {
        double least = 1;
        for (int at = 0; at + Back.STEP <= plan.seconds(); at += Back.STEP) {
            least = Math.min(least, felt.share(LEASES, at, at + Back.STEP));
        }
        return least;
    }

    private void live() {
        region.serveAtMost(plan.callsPerSecond());
        stack.begin(region.world);
        latePlan.leads(true, new Enactors(stack, region.world, plans, true).race());
        latePlan.leads(false, new Enactors(stack, region.world, plans, false).race());
        for (int i = 0; i < plan.keys(); i++) {
            users.fill(usual, Popularity.key(i));
            region.world.park(Region.SECOND);
        }
        leases.fill();
        region.begins();
        felt.begin(region.begin());
        region.world.fork("watch", this::watch);
        region.world.fork("trigger", this::trigger);
        SplittableRandom drawn = new SplittableRandom(Region.SEED + 2);
        leases.live(drawn.split());
        SplittableRandom written = drawn.split();
        region.world.fork("writers", () -> writers(written));
        readers(drawn);
    }

    private void trigger() {
        region.await(plan.begin());
        readsOfA.inject(fault(FaultMode.EMPTY, EnumSet.of(Operation.GET, Operation.SIGHT, Operation.SCAN)));
        writesOfA.inject(fault(FaultMode.ERROR, EnumSet.of(Operation.PUT, Operation.COLLECT)));
        if (EmptyDns.both(arm)) {
            region.await(plan.begin() + 60);
            wayToB.inject(fault(FaultMode.ERROR, EnumSet.allOf(Operation.class)));
        } else {
            region.await(plan.checksFail());
            wayToB.inject(fault(FaultMode.ERROR, EnumSet.of(Operation.PROBE)));
            region.await(plan.checksPass());
            wayToB.clear();
        }
        region.await(plan.gone());
        wayToB.clear();
        readsOfA.clear();
        writesOfA.clear();
    }

    private static Fault fault(FaultMode mode, Set<Operation> operations) {
        return new Fault(mode, 1, operations, Duration.ZERO);
    }

    private void watch() {
        long before = region.lookups();
        for (int second = 0; second < plan.seconds(); second++) {
            if (second % Back.STEP == Back.STEP / 2) {
                leases.note(felt, LEASES, plan.validSeconds() * Region.SECOND);
            }
            region.await(second + 1);
            felt.load(second, region.lookups() - before);
            before = region.lookups();
        }
    }

    private void readers(SplittableRandom drawn) {
        long end = region.begin() + plan.seconds() * Region.SECOND;
        for (long next = region.begin(); next < end; next += Region.gap(drawn, plan.readsPerSecond())) {
            region.world.park(next - region.scheduler.now());
            int place = drawn.nextInt(EmptyDns.PLACES);
            Key key = popularity.drawn(drawn.nextDouble());
            long jitter = drawn.nextLong(Users.PAUSE_NANOS);
            region.world.fork("user", () -> users.read(READS, place, usual, key, jitter));
        }
        region.world.park(20 * Region.SECOND);
    }

    private void writers(SplittableRandom drawn) {
        long end = region.begin() + plan.seconds() * Region.SECOND;
        for (long next = region.begin(); next < end; next += Region.gap(drawn, WRITES_PER_SECOND)) {
            region.world.park(next - region.scheduler.now());
            int place = drawn.nextInt(EmptyDns.PLACES);
            Key key = Popularity.key(drawn.nextInt(plan.keys()));
            long jitter = drawn.nextLong(Users.PAUSE_NANOS);
            region.world.fork("writer", () -> users.write(READS, place, usual, key, jitter));
        }
    }
}
