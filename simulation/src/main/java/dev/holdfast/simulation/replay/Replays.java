package dev.holdfast.simulation.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;

/** Plays an outage again on all arms, and on two of them with other assumptions. */
public final class Replays {
    private static final long SECOND = 1_000_000_000L;

    private static final List<Player.Way> TIMES_TO_LIVE = LongStream.of(30, 60, 300, 900, 3600, 14_400)
            .mapToObj(seconds -> new Player.Way("single", seconds * SECOND, 0))
            .toList();
    private static final List<Player.Way> REPAIRS = LongStream.of(1, 10, 60, 600)
            .mapToObj(seconds -> new Player.Way("first-ack", Player.Way.TTL_NANOS, seconds * SECOND))
            .toList();

    /** The one that takes longest first. The usual time to live and the usual rounds are among those tried. */
    private static final Set<Player.Way> WAYS = new LinkedHashSet<>(List.of(Player.Way.HOLDFAST));

    static {
        WAYS.addAll(List.of(Player.Way.SINGLE, Player.Way.FIRST_ACK));
        WAYS.addAll(TIMES_TO_LIVE);
        WAYS.addAll(REPAIRS);
    }

    /** How often a replay plays the outage. */
    public static final int RUNS = WAYS.size();

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

    /**
     * Returns when all is played.
     *
     * @param threads how many runs are under way at a time
     * @param done is told how many have ended, on this thread
     */
    public static Outcome play(Scenario scenario, int threads, IntConsumer done) throws InterruptedException {
        record Played(Player.Way way, ArmResult result) {}
        Map<Player.Way, ArmResult> results = new HashMap<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            CompletionService<Played> runs = new ExecutorCompletionService<>(pool);
            for (Player.Way way : WAYS) {
                runs.submit(() -> new Played(way, new Player(scenario, Load.OF_THE_DAY, way).play()));
            }
            while (results.size() < RUNS) {
                Played played = runs.take().get();
                results.put(played.way(), played.result());
                done.accept(results.size());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a replay could not be played: " + e.getCause(), e);
        }
        List<ArmResult> arms = new ArrayList<>();
        for (Player.Way way : List.of(Player.Way.SINGLE, Player.Way.FIRST_ACK, Player.Way.HOLDFAST)) {
            arms.add(result(results, way));
        }
        List<Sensitivity> sensitivity = new ArrayList<>();
        for (Player.Way way : TIMES_TO_LIVE) {
            sensitivity.add(sensitivity(way, "time to live of the cache", way.ttlNanos(), result(results, way)));
        }
        for (Player.Way way : REPAIRS) {
            sensitivity.add(sensitivity(way, "time between rounds of repair", way.repairNanos(), result(results, way)));
        }
        return new Outcome(scenario, arms, sensitivity);
    }

    private static ArmResult result(Map<Player.Way, ArmResult> results, Player.Way way) {
        return Objects.requireNonNull(results.get(way));
    }

    private static Sensitivity sensitivity(Player.Way way, String assumption, long nanos, ArmResult result) {
        return new Sensitivity(
                way.arm(), assumption, nanos / SECOND, result.during().failed(), result.lost());
    }
}
