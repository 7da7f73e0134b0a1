package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.admission.Gate;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.simulation.coldstart.Felt;
import dev.holdfast.simulation.coldstart.Popularity;
import dev.holdfast.simulation.world.Fleet;
import dev.holdfast.simulation.world.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** Plays a {@link BadConfig} on one arm. All arms meet the same files and the same people. */
final class BadConfigWorld {
    private static final int TRAFFIC = 0;
    private static final int LOGINS = 1;
    private static final int PEOPLE = 500;
    private static final int LOGIN_TRIES = 30;
    private static final long LOGIN_PAUSE_NANOS = 30 * Region.SECOND;
    private static final long LOGIN_JITTER_NANOS = 60 * Region.SECOND;
    private static final int OPEN_SECONDS = 10;

    private final BadConfig plan;
    private final String arm;
    private final Region region = new Region();
    private final Namespace config = Region.namespace(1, "configuration", 0);
    private final Namespace sessions = Region.namespace(2, "sessions", 1);
    private final Felt felt;
    private final Journal journal = new Journal();
    private final OnePlace onePlace = new OnePlace(BadConfig.PLACES);
    private final Spread spread = new Spread(BadConfig.PLACES);
    private final KeptOut keptOut = new KeptOut();
    private final List<Check> checks = new ArrayList<>();
    private final Stack stack;
    private final Users users;
    private final Files files;
    private final Proxies proxies;

    BadConfigWorld(BadConfig plan, String arm) {
        this.plan = plan;
        this.arm = arm;
        this.felt = new Felt(BadConfig.lines().size(), plan.seconds());
        checks.add(onePlace);
        if (!arm.equals(BadConfig.HELD)) {
            checks.add(spread);
        }
        if (arm.equals(BadConfig.GATE)) {
            checks.add(keptOut);
        }
        checks.addAll(List.of(
                new BackByItself(felt, BadConfig.lines(), plan.gone(), plan.seconds(), BadConfig.WITHIN_SECONDS),
                new NothingLost(journal, region.providers()),
                new NoOlderThanItSays(journal),
                new NoEmptyAnswer(journal)));
        boolean single = arm.equals(BadConfig.SINGLE);
        this.stack = single || arm.equals(BadConfig.FIRST_ACK)
                ? new UsualStack(
                        region.world,
                        BadConfig.PLACES,
                        BadConfig.TTL_SECONDS * Region.SECOND,
                        single ? List.of(region.a) : region.providers(),
                        region.scheduler,
                        region.random)
                : new HoldfastStack(
                        region.world,
                        List.of(config, sessions),
                        BadConfig.PLACES,
                        BadConfig.TTL_SECONDS * Region.SECOND,
                        BadConfig.admission(),
                        region.providers(),
                        region.scheduler,
                        region.random);
        this.users = new Users(stack, region.scheduler, region.world, journal, felt, checks);
        this.files = new Files(stack, region, config, journal, spread);
        this.proxies = new Proxies(stack, region, config, files, spread, onePlace, checks);
    }

    Played play() {
        region.scheduler.run(region.world.process(), this::live);
        OptionalInt back = Back.after(felt, TRAFFIC, plan.at(plan.known()), plan.seconds());
        List<Played.Fact> facts = List.of(
                new Played.Fact("traffic served until minute " + plan.mended(), served(plan.begin(), plan.gone())),
                new Played.Fact(
                        "all served again from minute",
                        back.isEmpty() ? "never" : Integer.toString(plan.known() + back.getAsInt() / 60)),
                new Played.Fact(
                        "log-ins that came through in the next ten minutes",
                        Words.percent(felt.share(LOGINS, plan.gone(), plan.gone() + 600))));
        return new Series(felt, plan.seconds())
                .played(arm, BadConfig.what(arm), checks, facts, BadConfig.lines(), plan.begin(), region.scheduler);
    }

    private String served(int from, int to) {
        return Words.percent(felt.share(TRAFFIC, from, to));
    }

    private void live() {
        region.serveAtMost(plan.callsPerSecond());
        stack.begin(region.world);
        files.first();
        for (int i = 0; i < PEOPLE; i++) {
            users.fill(sessions, Popularity.key(i));
            region.world.park(Region.SECOND / 2);
        }
        region.begins();
        felt.begin(region.begin());
        region.world.fork("watch", this::watch);
        region.world.fork("generator", this::generator);
        region.world.fork("operator", this::operator);
        for (int place = 0; place < BadConfig.PLACES; place++) {
            proxies.live(place);
        }
        people();
    }

    private void watch() {
        long before = region.lookups();
        for (int second = 0; second < plan.seconds(); second++) {
            region.await(second + 1);
            for (int place = 0; place < BadConfig.PLACES; place++) {
                if (proxies.well(place)) {
                    felt.answered(TRAFFIC, region.scheduler.now() - 1);
                } else {
                    felt.failed(TRAFFIC, region.scheduler.now() - 1);
                }
            }
            felt.load(second, region.lookups() - before);
            before = region.lookups();
        }
    }

    /** Good ones before, good and bad ones by turns, then bad ones, and after a pause good ones again. */
    private void generator() {
        SplittableRandom drawn = new SplittableRandom(Region.SEED + 4);
        for (int at = 0; at < plan.seconds(); at += BadConfig.FILE_SECONDS) {
            region.await(at);
            boolean stopped = at >= plan.at(plan.stopped()) && at <= plan.gone();
            boolean bad = at == plan.begin()
                    || (at > plan.begin() && at < plan.at(plan.stable()) && drawn.nextBoolean())
                    || (at >= plan.at(plan.stable()) && at < plan.at(plan.stopped()));
            if (!stopped) {
                keptOut.wrote(files.generated(bad));
            }
        }
    }

    private void operator() {
        if (arm.equals(BadConfig.HELD)) {
            region.world.fork("release", this::releases);
        }
        if (arm.equals(BadConfig.GATE)) {
            region.await(plan.at(plan.known()));
            gateAtOrigin(Gate.STALE_ONLY);
            region.await(plan.at(plan.known() + BadConfig.FOUND_MINUTES));
            gateAtOrigin(Gate.OPEN);
            files.back();
            gateAtOrigin(Gate.STALE_ONLY);
            region.await(plan.gone() + 1);
            gateAtOrigin(Gate.OPEN);
        } else {
            region.await(plan.gone());
            files.byHand();
        }
    }

    private Fleet fleet() {
        return ((HoldfastStack) stack).fleet();
    }

    private void gateAtOrigin(Gate gate) {
        long began = region.scheduler.now();
        boolean set = gate(fleet().origin(), gate);
        keptOut.gate(!gate.equals(Gate.OPEN), set, region.scheduler.now() - began);
    }

    private boolean gate(Server<Fleet.Node> node, Gate gate) {
        return node.ask(
                region.world,
                running -> running.admitted()
                                .gates()
                                .set(config.id(), gate, "operator", "bad files")
                                .notKept()
                        == null,
                Stack.GIVE_UP_NANOS,
                false);
    }

    /** What the first place has run on for a while comes to the others. */
    private void releases() {
        gateOthers(Gate.STALE_ONLY);
        long released = proxies.runsOn(0);
        while (true) {
            region.world.park(10 * Region.SECOND);
            long number = proxies.runsOn(0);
            if (number != released && proxies.wellSeconds(0) >= BadConfig.PROVEN_SECONDS) {
                gateOthers(Gate.OPEN);
                region.world.park(OPEN_SECONDS * Region.SECOND);
                gateOthers(Gate.STALE_ONLY);
                released = number;
            }
        }
    }

    private void gateOthers(Gate gate) {
        for (int place = 1; place < BadConfig.PLACES; place++) {
            gate(fleet().edge(place), gate);
        }
    }

    private void people() {
        SplittableRandom drawn = new SplittableRandom(Region.SEED + 3);
        long end = region.begin() + plan.seconds() * Region.SECOND;
        for (long next = region.begin(); next < end; next += Region.gap(drawn, plan.loginsPerSecond())) {
            region.world.park(next - region.scheduler.now());
            SplittableRandom own = drawn.split();
            region.world.fork("person", () -> logIn(own));
        }
        region.world.park(20 * Region.SECOND);
    }

    private void logIn(SplittableRandom own) {
        Key key = Popularity.key(own.nextInt(PEOPLE));
        for (int tried = 0; tried < LOGIN_TRIES; tried++) {
            long began = region.scheduler.now();
            int place = own.nextInt(BadConfig.PLACES);
            if (proxies.well(place) && loggedIn(place, key)) {
                felt.answered(LOGINS, began);
                return;
            }
            felt.failed(LOGINS, began);
            region.world.park(LOGIN_PAUSE_NANOS + own.nextLong(LOGIN_JITTER_NANOS));
        }
    }

    private boolean loggedIn(int place, Key key) {
        long began = region.scheduler.now();
        Got got = stack.read(place, sessions, key, true);
        for (Check check : checks) {
            check.read(new KeyRef(sessions.id(), key), began, got);
        }
        return got instanceof Got.Value && users.wrote(place, sessions, key);
    }
}
