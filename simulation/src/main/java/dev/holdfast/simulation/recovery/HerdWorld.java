package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.simulation.coldstart.ColdStart.Tier;
import dev.holdfast.simulation.coldstart.Felt;
import dev.holdfast.simulation.coldstart.Popularity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SplittableRandom;

/** Plays a {@link Herd} on one arm. All arms meet the same users at the same moments. */
final class HerdWorld {
    private final Herd plan;
    private final String arm;
    private final Region region = new Region();
    private final List<Namespace> namespaces = new ArrayList<>();
    private final List<Popularity> popularity = new ArrayList<>();
    private final Felt felt;
    private final Journal journal = new Journal();
    private final LoadBounded load;
    private final List<Check> checks;
    private final Stack stack;
    private final Users users;

    HerdWorld(Herd plan, String arm) {
        this.plan = plan;
        this.arm = arm;
        int tiers = plan.tiers().size();
        for (int tier = 0; tier < tiers; tier++) {
            namespaces.add(Region.namespace(tier + 1, "tier-" + tier, tier));
            popularity.add(new Popularity(plan.tiers().get(tier).keys()));
        }
        this.felt = new Felt(tiers, plan.seconds());
        this.load = new LoadBounded(felt, plan.begin(), plan.gone(), plan.seconds());
        this.checks = List.of(
                load,
                new BackByItself(felt, plan.lines(), plan.gone(), plan.seconds(), Herd.WITHIN_SECONDS),
                new TierOrder(felt, tiers, plan.gone(), plan.seconds()),
                new NothingLost(journal, region.providers()),
                new NoOlderThanItSays(journal),
                new NoEmptyAnswer(journal));
        this.stack = switch (arm) {
            case Herd.SINGLE ->
                new UsualStack(
                        region.world,
                        plan.places(),
                        plan.cycleSeconds() * Region.SECOND,
                        List.of(region.a),
                        region.scheduler,
                        region.random);
            case Herd.FIRST_ACK ->
                new UsualStack(
                        region.world,
                        plan.places(),
                        plan.cycleSeconds() * Region.SECOND,
                        region.providers(),
                        region.scheduler,
                        region.random);
            default ->
                new HoldfastStack(
                        region.world,
                        namespaces,
                        plan.places(),
                        plan.ttlSeconds() * Region.SECOND,
                        Herd.admission(arm),
                        region.providers(),
                        region.scheduler,
                        region.random);
        };
        this.users = new Users(stack, region.scheduler, region.world, journal, felt, checks);
    }

    Played play() {
        region.scheduler.run(region.world.process(), this::live);
        List<Played.Fact> facts = new ArrayList<>();
        for (int tier = 0; tier < plan.tiers().size(); tier++) {
            OptionalInt back = Back.after(felt, tier, plan.gone(), plan.seconds());
            facts.add(new Played.Fact("tier " + tier + " back", back.isPresent() ? back.getAsInt() + " s" : "never"));
        }
        facts.add(new Played.Fact("most load, of before", Words.times(load.times())));
        facts.add(new Played.Fact("answered at last", Words.percent(felt.share(plan.seconds() - 300, plan.seconds()))));
        return new Series(felt, plan.seconds())
                .played(arm, Herd.what(arm), checks, facts, plan.lines(), plan.begin(), region.scheduler);
    }

    private void live() {
        region.serveAtMost(plan.callsPerSecond());
        stack.begin(region.world);
        fill();
        region.begins();
        felt.begin(region.begin());
        region.world.fork("watch", this::watch);
        region.world.fork("trigger", this::trigger);
        SplittableRandom drawn = new SplittableRandom(Region.SEED + 1);
        region.world.fork("writers", () -> writers(drawn.split()));
        readers(drawn);
    }

    private void trigger() {
        region.await(plan.begin());
        stack.crash();
        region.await(plan.gone());
        stack.start();
    }

    private void watch() {
        long before = region.lookups();
        for (int second = 0; second < plan.seconds(); second++) {
            region.await(second + 1);
            felt.load(second, region.lookups() - before);
            before = region.lookups();
        }
    }

    /** Every key has a value and is near everywhere, at ages of their own, so that they are not asked for again all together. */
    private void fill() {
        record Near(int place, int tier, Key key) {}
        List<Near> all = new ArrayList<>();
        for (int tier = 0; tier < namespaces.size(); tier++) {
            for (int i = 0; i < plan.tiers().get(tier).keys(); i++) {
                for (int place = 0; place < plan.places(); place++) {
                    all.add(new Near(place, tier, Popularity.key(i)));
                }
            }
        }
        int keys = plan.tiers().stream().mapToInt(Tier::keys).sum();
        for (int tier = 0; tier < namespaces.size(); tier++) {
            for (int i = 0; i < plan.tiers().get(tier).keys(); i++) {
                users.fill(namespaces.get(tier), Popularity.key(i));
                region.world.park(plan.cycleSeconds() * Region.SECOND / 2 / keys);
            }
        }
        Collections.shuffle(all, new Random(Region.SEED));
        for (Near each : all) {
            // A little faster, so that none is overdue when the load begins.
            region.world.park(plan.cycleSeconds() * Region.SECOND / 100 * 98 / all.size());
            Got got = stack.read(each.place(), namespaces.get(each.tier()), each.key(), false);
            if (!(got instanceof Got.Value)) {
                throw new IllegalStateException("all is well as yet, and a read comes to " + got);
            }
        }
    }

    private void readers(SplittableRandom drawn) {
        long end = region.begin() + plan.seconds() * Region.SECOND;
        for (long next = region.begin(); next < end; next += Region.gap(drawn, plan.readsPerSecond())) {
            region.world.park(next - region.scheduler.now());
            int tier = tier(drawn.nextDouble());
            int place = drawn.nextInt(plan.places());
            Key key = popularity.get(tier).drawn(drawn.nextDouble());
            long jitter = drawn.nextLong(Users.PAUSE_NANOS);
            region.world.fork("user", () -> users.read(tier, place, namespaces.get(tier), key, jitter));
        }
        // The last of them are judged, too.
        region.world.park(20 * Region.SECOND);
    }

    private int tier(double draw) {
        double upTo = 0;
        for (int tier = 0; tier < plan.tiers().size(); tier++) {
            upTo += plan.tiers().get(tier).share();
            if (draw < upTo) {
                return tier;
            }
        }
        return plan.tiers().size() - 1;
    }

    private void writers(SplittableRandom drawn) {
        long end = region.begin() + plan.seconds() * Region.SECOND;
        for (long next = region.begin(); next < end; next += Region.gap(drawn, plan.writesPerSecond())) {
            region.world.park(next - region.scheduler.now());
            int tier = drawn.nextInt(plan.tiers().size());
            int place = drawn.nextInt(plan.places());
            Key key = Popularity.key(drawn.nextInt(plan.tiers().get(tier).keys()));
            long jitter = drawn.nextLong(Users.PAUSE_NANOS);
            region.world.fork("writer", () -> users.write(tier, place, namespaces.get(tier), key, jitter));
        }
    }
}
