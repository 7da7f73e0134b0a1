package dev.holdfast.simulation.replay;

import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.simulation.replay.Scenario.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The outages that can be played again, and playing them. */
public final class Replays {
    private static final long MINUTE = 60_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private static final List<String> LOAD = List.of(
            "Load: 100 reads to a write, 0.03 % of 10,000 keys take 40 % of the reads, values of 288 bytes, all as"
                    + " published. Over the other keys reads are spread evenly. 40 reads a second in all: the shares do"
                    + " not depend on it as long as the cache is warm.",
            "The cache of the first two arms is one cache that holds everything that was asked for and forgets it after"
                    + " 60 s, the default of Workers KV. Many small caches would answer less.",
            "A provider that is down refuses connections at once. A call to one that is up takes 1 to 3 ms, and a"
                    + " write 1 to 2 ms more.",
            "The third arm is the engine that ships, with its defaults and no cache in front.");

    /** All, the first one first. */
    public static final List<Scenario> ALL = List.of(
            new Scenario(
                    "cf-2025-06-12",
                    "Cloudflare Workers KV, 12 June 2025",
                    List.of(
                            "The store kept its data with one third-party provider, and that provider went down for 2"
                                    + " h 28. Over 90 % of requests failed (90.22 %): only what was in a cache was"
                                    + " answered, and caches forgot by TTL.",
                            "Every write failed. No data was lost."),
                    LOAD,
                    148 * MINUTE,
                    List.of(
                            new Event(
                                    0,
                                    "provider a is down",
                                    places -> places.a().crash()),
                            new Event(
                                    148 * MINUTE,
                                    "it is back",
                                    places -> places.a().restart()))),
            new Scenario(
                    "cf-2025-06-12-for-good",
                    "12 June 2025, had the provider never come back",
                    List.of(
                            "As on 12 June, but the provider that went down never returns, and nothing that it held"
                                    + " does.",
                            "Forty seconds before, the other provider had failed for half a minute and was back: a"
                                    + " hiccup as every provider has them. At no moment do both fail."),
                    with(
                            LOAD,
                            "In the second arm, keys that one side has missed are repaired in rounds, one a minute,"
                                    + " and the list of these keys is never lost. How often rounds are made was not"
                                    + " published.",
                            "Lost is an acknowledged write that no provider holds at the end, nor a newer one of its"
                                    + " key."),
                    148 * MINUTE,
                    List.of(
                            new Event(
                                    -40 * SECOND,
                                    "provider b is down",
                                    places -> places.b().crash()),
                            new Event(
                                    -10 * SECOND,
                                    "it is back",
                                    places -> places.b().restart()),
                            new Event(0, "provider a is gone for ever", Places::loseA))),
            new Scenario(
                    "cf-2023-10-30-401",
                    "Cloudflare Workers KV, 30 October 2023",
                    List.of("For 37 minutes the store was answered 401 by its own provider, whatever it asked: an"
                            + " answer that was wrong, and looked right."),
                    LOAD,
                    37 * MINUTE,
                    List.of(
                            new Event(
                                    0,
                                    "provider a answers 401 to everything",
                                    places -> places.wayToA().inject(Fault.of(FaultMode.UNAUTHORIZED))),
                            new Event(
                                    37 * MINUTE,
                                    "no longer",
                                    places -> places.wayToA().clear()))),
            new Scenario(
                    "unisuper-2024-deletion",
                    "UniSuper, May 2024",
                    List.of(
                            "The provider deleted the account with everything in it. What was there never came back;"
                                    + " it was restored from a copy that happened to be kept with another provider.",
                            "Here the place is empty after two hours, under the same name, and takes writes again."),
                    with(
                            LOAD,
                            "Lost is an acknowledged write that no provider holds at the end, nor a newer one of its"
                                    + " key."),
                    120 * MINUTE,
                    List.of(
                            new Event(0, "provider a is deleted", places -> {
                                places.a().wipe();
                                places.a().crash();
                            }),
                            new Event(120 * MINUTE, "an empty place takes its name", Places::replaceA))));

    private Replays() {}

    /**
     * What a replay came to.
     *
     * @param sensitivity how the outcome depends on what was assumed
     */
    public record Outcome(Scenario scenario, List<ArmResult> arms, List<Sensitivity> sensitivity) {
        public Outcome {
            arms = List.copyOf(arms);
            sensitivity = List.copyOf(sensitivity);
        }

        public ArmResult arm(String name) {
            return arms.stream()
                    .filter(arm -> arm.arm().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /**
     * One arm with another assumption.
     *
     * @param seconds the time to live of the cache, or between rounds of repair
     */
    public record Sensitivity(String arm, String assumption, long seconds, double failed, long lost) {}

    public static Optional<Scenario> named(String name) {
        return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
    }

    private static List<String> with(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }

    /** @param threads how many arms are played at a time */
    public static Outcome play(Scenario scenario, int threads) throws InterruptedException {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<ArmResult>> arms = new ArrayList<>();
            for (Player.Way way : List.of(Player.Way.HOLDFAST, Player.Way.SINGLE, Player.Way.FIRST_ACK)) {
                arms.add(pool.submit(() -> new Player(scenario, Load.OF_THE_DAY, way).play()));
            }
            List<Future<Sensitivity>> others = new ArrayList<>();
            for (long ttl : new long[] {30, 60, 300, 900, 3600, 14_400}) {
                others.add(pool.submit(ttl(scenario, ttl)));
            }
            for (long repair : new long[] {1, 10, 60, 600}) {
                others.add(pool.submit(repair(scenario, repair)));
            }
            List<Sensitivity> sensitivity = new ArrayList<>();
            ArmResult holdfast = take(arms.getFirst());
            List<ArmResult> results = List.of(take(arms.get(1)), take(arms.get(2)), holdfast);
            for (Future<Sensitivity> other : others) {
                sensitivity.add(take(other));
            }
            return new Outcome(scenario, results, sensitivity);
        }
    }

    private static Callable<Sensitivity> ttl(Scenario scenario, long seconds) {
        return () -> {
            Player.Way way = new Player.Way("single", seconds * SECOND, 0);
            ArmResult result = new Player(scenario, Load.OF_THE_DAY, way).play();
            return new Sensitivity(
                    "single",
                    "time to live of the cache",
                    seconds,
                    result.during().failed(),
                    result.lost());
        };
    }

    private static Callable<Sensitivity> repair(Scenario scenario, long seconds) {
        return () -> {
            Player.Way way = new Player.Way("first-ack", Player.Way.TTL_NANOS, seconds * SECOND);
            ArmResult result = new Player(scenario, Load.OF_THE_DAY, way).play();
            return new Sensitivity(
                    "first-ack",
                    "time between rounds of repair",
                    seconds,
                    result.during().failed(),
                    result.lost());
        };
    }

    private static <T> T take(Future<T> played) throws InterruptedException {
        try {
            return played.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a replay could not be played: " + e.getCause(), e);
        }
    }
}
