package dev.holdfast.integration.edge;

import dev.holdfast.cli.drill.Zipf;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.client.transport.TransportFailure;
import dev.holdfast.integration.harness.HoldfastServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.node.ObjectNode;

/** One cold start, played in real time. For one thread. */
final class ColdStartRun {
    private static final long SECOND = 1_000_000_000L;
    private static final long SEED = 20250612;
    private static final int VALUE_BYTES = 288;
    private static final List<String> PROVIDERS = List.of("a", "b");
    /** In which the load is the highest. */
    private static final int WINDOW = 10;
    /** For which it is looked how much a node asks of its providers by itself. */
    static final int IDLE_SECONDS = 10;

    /** As SDKs and browsers do: a request is given up after two seconds, and sent again three times, later each time. */
    private static final Duration GIVE_UP = Duration.ofSeconds(2);

    private static final int TRIES = 4;
    private static final long PAUSE_NANOS = 200_000_000;

    private final ColdStartPlan plan;
    private final Map<String, String> variables;
    private final int tiers;
    private final List<AtomicIntegerArray> answered = new ArrayList<>();
    private final List<AtomicIntegerArray> failed = new ArrayList<>();
    private final double[] load;
    private final List<String> namespaces = new ArrayList<>();
    private final List<Api> doors = new ArrayList<>();
    private final Phaser users = new Phaser(1);
    private final long begin = System.nanoTime();
    private volatile boolean over;
    private double idle;
    private int warm;
    private int trigger;
    private int started;
    private int end;

    /** @param variables of all nodes */
    ColdStartRun(ColdStartPlan plan, Map<String, String> variables) {
        this.plan = plan;
        this.variables = variables;
        this.tiers = plan.keys().length;
        this.load = new double[plan.seconds()];
        for (int tier = 0; tier < tiers; tier++) {
            answered.add(new AtomicIntegerArray(plan.seconds()));
            failed.add(new AtomicIntegerArray(plan.seconds()));
        }
    }

    void play(Path directory) throws Exception {
        Map<String, String> all = new HashMap<>(variables);
        all.put("HOLDFAST_CACHE_TTL", plan.cycleSeconds() / 10 + "s");
        // What is near is lost with its process, as with a machine that is replaced.
        all.put("HOLDFAST_CACHE_DISK", "0B");
        try (Fleet fleet = new Fleet(directory, 2, all, all)) {
            for (int tier = 0; tier < tiers; tier++) {
                namespaces.add(makeNamespace(fleet.origin, tier));
            }
            for (HoldfastServer edge : fleet.edges) {
                doors.add(edge.store(GIVE_UP));
            }
            bound(fleet.origin);
            pause(IDLE_SECONDS);
            idle = struck(fleet.origin) / IDLE_SECONDS;
            fill(fleet);
            Thread comers = Thread.ofVirtual().start(this::come);
            Thread watch = Thread.ofVirtual().start(() -> watch(fleet.origin));
            warm = second();
            pause(plan.steadySeconds());
            trigger = second();
            restart(fleet);
            started = second();
            pause(plan.coldSeconds());
            end = second();
            over = true;
            comers.join();
            users.arriveAndAwaitAdvance();
            watch.join();
        } finally {
            over = true;
            doors.forEach(Api::close);
        }
    }

    private static String makeNamespace(HoldfastServer origin, int tier) {
        String id = origin.makeNamespace("tier-" + tier);
        Api store = origin.store();
        store.require(store.send("PATCH", "/v1/namespaces/" + id, Json.object().put("tier", tier)));
        return id;
    }

    /** All are dead at a time, and the providers are bounded before an edge can ask. */
    private static void restart(Fleet fleet) throws Exception {
        for (HoldfastServer edge : fleet.edges) {
            edge.kill();
        }
        fleet.origin.kill();
        fleet.origin.start();
        bound(fleet.origin);
        for (HoldfastServer edge : fleet.edges) {
            edge.start();
        }
    }

    private static void bound(HoldfastServer origin) {
        for (String provider : PROVIDERS) {
            ObjectNode fault = Json.object().put("mode", "slow").put("per_second", ColdStartPlan.CALLS_PER_SECOND);
            for (String operation : List.of("get", "sight", "put", "scan")) {
                fault.withArray("operations").add(operation);
            }
            Api control = origin.control();
            control.require(control.send("PUT", "/v1/providers/" + provider + "/fault", fault));
        }
    }

    /** Every key gets a value, and near each edge an age of its own, so that they are not asked for again all together. */
    private void fill(Fleet fleet) {
        record Filled(int tier, int key) {}
        List<Filled> all = new ArrayList<>();
        for (int tier = 0; tier < tiers; tier++) {
            for (int key = 0; key < plan.keys()[tier]; key++) {
                all.add(new Filled(tier, key));
            }
        }
        Collections.shuffle(all, new Random(SEED));
        // One call at a time: together they would have the providers be late before anything has happened.
        long between = plan.cycleSeconds() * SECOND / all.size() / (1 + fleet.edges.size());
        for (Filled each : all) {
            String path = path(each.tier(), each.key());
            Fleet.put(fleet.origin, path, "v".repeat(VALUE_BYTES));
            LockSupport.parkNanos(between);
            for (HoldfastServer edge : fleet.edges) {
                edge.store().require(edge.store().get(path));
                LockSupport.parkNanos(between);
            }
        }
    }

    private String path(int tier, int key) {
        return Fleet.value(namespaces.get(tier), "key-" + key);
    }

    /** Users come at random times, whether or not others were answered. */
    private void come() {
        List<Zipf> popularity = new ArrayList<>();
        for (int keys : plan.keys()) {
            popularity.add(new Zipf(keys));
        }
        SplittableRandom random = new SplittableRandom(SEED);
        double next = System.nanoTime();
        while (!over) {
            long wait = (long) next - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            int tier = tier(random.nextDouble());
            String path = path(tier, popularity.get(tier).next(random));
            Api door = doors.get(random.nextInt(doors.size()));
            long jitter = random.nextLong(PAUSE_NANOS);
            users.register();
            Thread.ofVirtual().start(() -> use(door, tier, path, jitter));
            next += -Math.log(1 - random.nextDouble()) / plan.readsPerSecond() * SECOND;
        }
    }

    private static int tier(double draw) {
        int last = ColdStartPlan.SHARES.length - 1;
        double upTo = 0;
        for (int tier = 0; tier < last; tier++) {
            upTo += ColdStartPlan.SHARES[tier];
            if (draw < upTo) {
                return tier;
            }
        }
        return last;
    }

    /** One user, who wants one key and tries until that is too long. */
    private void use(Api door, int tier, String path, long jitter) {
        int at = second();
        for (int tried = 0; tried < TRIES && !Thread.currentThread().isInterrupted(); tried++) {
            if (tried > 0) {
                LockSupport.parkNanos((PAUSE_NANOS + jitter) << (tried - 1));
            }
            if (ask(door, path)) {
                answered.get(tier).incrementAndGet(at);
                users.arriveAndDeregister();
                return;
            }
        }
        failed.get(tier).incrementAndGet(at);
        users.arriveAndDeregister();
    }

    private static boolean ask(Api door, String path) {
        try {
            return door.exchange("GET", path, Map.of(), BodyPublishers.noBody()).ok();
        } catch (TransportFailure unanswered) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What the providers are asked, second by second; nothing while the origin is dead. */
    private void watch(HoldfastServer origin) {
        double before = struck(origin);
        while (!over) {
            int at = second();
            LockSupport.parkNanos(begin + (at + 1) * SECOND - System.nanoTime());
            double now = struck(origin);
            load[at] = Math.max(0, now - before);
            before = now;
        }
    }

    private static double struck(HoldfastServer origin) {
        double calls = 0;
        for (String provider : PROVIDERS) {
            try {
                calls += origin.control()
                        .exchange("GET", "/v1/providers/" + provider + "/fault", Map.of(), BodyPublishers.noBody())
                        .json()
                        .path("fault")
                        .path("struck")
                        .asDouble(0);
            } catch (TransportFailure dead) {
                return 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return calls;
    }

    private int second() {
        return (int) Math.min(plan.seconds() - 1L, (System.nanoTime() - begin) / SECOND);
    }

    private static void pause(int seconds) throws InterruptedException {
        Thread.sleep(Duration.ofSeconds(seconds));
    }

    /** How long after the trigger 99 % of a tier's requests were answered, and went on to be; -1 for never. */
    int back(int tier) {
        for (int from = trigger; from + plan.calmSeconds() <= end; from++) {
            if (share(tier, from, from + plan.calmSeconds()) >= 0.99) {
                return from - trigger;
            }
        }
        return -1;
    }

    private double share(int tier, int from, int to) {
        long good = sum(answered.get(tier), from, to);
        long all = good + sum(failed.get(tier), from, to);
        return all == 0 ? 0 : (double) good / all;
    }

    double shareAtTheEnd() {
        double least = 1;
        for (int tier = 0; tier < tiers; tier++) {
            least = Math.min(least, share(tier, end - plan.calmSeconds(), end));
        }
        return least;
    }

    private static long sum(AtomicIntegerArray counts, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += counts.get(i);
        }
        return sum;
    }

    /** Calls a second to both providers, beyond those of an idle node, the most in ten seconds, when all was warm. */
    double loadBefore() {
        return most(warm, trigger);
    }

    double loadAfter() {
        return most(started, end);
    }

    private double most(int from, int to) {
        double most = 0;
        for (int i = from; i + WINDOW <= to; i++) {
            most = Math.max(most, Arrays.stream(load, i, i + WINDOW).sum() / WINDOW);
        }
        return most - idle;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int tier = 0; tier < tiers; tier++) {
            text.append(String.format(Locale.ROOT, "tier %d back after %d s, ", tier, back(tier)));
        }
        return text
                + String.format(
                        Locale.ROOT,
                        "all serving again after %d s; load at the providers, beyond the %.1f calls a second of an"
                                + " idle node, %.1f at most before, %.1f after (%.2f); %.2f %% answered in the end",
                        started - trigger,
                        idle,
                        loadBefore(),
                        loadAfter(),
                        loadAfter() / loadBefore(),
                        100 * shareAtTheEnd());
    }
}
