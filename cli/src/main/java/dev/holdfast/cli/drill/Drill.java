package dev.holdfast.cli.drill;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.Percent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes one provider of a live server fail on purpose, under load, in a namespace of its own, and checks every answer. The
 * other namespaces feel the fault as well: that is what it is for. {@link #close} undoes everything, at any moment.
 */
public final class Drill implements AutoCloseable {
    private static final long NEWS_MILLIS = 250;
    private static final long SCAN_EVERY_MILLIS = 200;
    private static final int EXAMPLES = 10;

    private final DrillConfig config;
    private final Api store;
    private final Api control;
    private final Consumer<News> listener;
    private final Watch watch;
    private final Tally tally = new Tally();
    private @Nullable String namespace;
    private boolean faulty;
    private boolean closed;
    private long told;
    private @Nullable Phase toldOf;

    /** How it goes, a few times a second. */
    public record News(Phase phase, long millis, long ok, long failed, long wrong, String state, long hints) {}

    /**
     * @param store the data port; its token may make namespaces
     * @param control the admin port of the same server, which allows drills
     */
    public Drill(DrillConfig config, Api store, Api control, Consumer<News> listener) {
        this.config = config;
        this.store = store;
        this.control = control;
        this.listener = listener;
        this.watch = new Watch(control, config.provider());
    }

    /**
     * Runs it, once. Afterwards {@link #close} must be called, whatever happened.
     *
     * @throws Failure when the server cannot be drilled, or can no longer be asked
     */
    public DrillResult run() throws InterruptedException {
        Watch.Sight first = watch.look();
        if (!first.drills()) {
            throw new Failure(Failure.FAILED, "The server does not allow drills; start it with --drills.");
        }
        awaitCurrent(System.nanoTime());
        String id = makeNamespace();
        Load load = new Load(config.traffic(), store, id, tally);
        load.warm();
        if (tally.failed() > 0) {
            throw new Failure(Failure.FAILED, "The store fails before any fault: " + tally.failures());
        }
        Timing timing = new Timing();
        load.start();
        try {
            drive(load, timing);
        } finally {
            load.stop();
        }
        return conclude(load, id, timing);
    }

    /** Moments by {@link System#nanoTime}, and what was seen at them. */
    private static final class Timing {
        private long start;
        private long fault;
        private long cleared;
        private long end;
        private long hintedBefore;
        private long hintedAfter;
        private @Nullable Long detectMillis;
        private @Nullable Long convergeMillis;
    }

    private void drive(Load load, Timing timing) throws InterruptedException {
        timing.start = System.nanoTime();
        stay(Phase.BEFORE, timing.start, config.before(), sight -> {});
        awaitCurrent(System.nanoTime());
        timing.hintedBefore = watch.look().hinted();

        load.phase(Phase.DURING);
        timing.fault = System.nanoTime();
        setFault();
        stay(Phase.DURING, timing.fault, config.during(), sight -> {
            if (timing.detectMillis == null && !sight.current()) {
                timing.detectMillis = millisSince(timing.fault);
            }
        });
        timing.hintedAfter = watch.look().hinted();

        clearFault();
        load.phase(Phase.AFTER);
        timing.cleared = System.nanoTime();
        Duration atLeast = config.before();
        while ((timing.convergeMillis == null
                        && millisSince(timing.cleared) < config.settle().toMillis())
                || millisSince(timing.cleared) < atLeast.toMillis()) {
            stay(Phase.AFTER, timing.cleared, Duration.ZERO, sight -> {
                if (timing.convergeMillis == null && sight.whole() && sight.askedAt() > timing.cleared) {
                    timing.convergeMillis = millisSince(timing.cleared);
                }
            });
        }
        timing.end = System.nanoTime();
    }

    /**
     * Waits until every provider is current: with two in trouble, what is lost is not the drill's to judge. On an overloaded
     * machine the load alone can make one suspect.
     */
    private void awaitCurrent(long since) throws InterruptedException {
        List<String> troubled = watch.look().troubled();
        while (!troubled.isEmpty()) {
            if (millisSince(since) > config.settle().toMillis()) {
                throw new Failure(
                        Failure.FAILED,
                        "No fault was set, because a drill begins with every provider current, and "
                                + String.join(", ", troubled) + ". See holdfast status");
            }
            Thread.sleep(Watch.EVERY_MILLIS);
            troubled = watch.look().troubled();
        }
    }

    /** Watches until {@code length} after {@code since}, once at the least, and tells the listener now and then. */
    private void stay(Phase phase, long since, Duration length, Consumer<Watch.Sight> each)
            throws InterruptedException {
        do {
            Watch.Sight sight = watch.look();
            each.accept(sight);
            if (phase != toldOf || millisSince(told) >= NEWS_MILLIS) {
                told = System.nanoTime();
                toldOf = phase;
                listener.accept(new News(
                        phase,
                        millisSince(since),
                        tally.okay(),
                        tally.failed(),
                        tally.wrongAnswers(),
                        sight.state(),
                        sight.hints()));
            }
            Thread.sleep(Watch.EVERY_MILLIS);
        } while (millisSince(since) < length.toMillis());
    }

    private DrillResult conclude(Load load, String id, Timing timing) throws InterruptedException {
        Scans scans = new Scans(control, providerNames(), id);
        Scans.Comparison comparison = scans.compare();
        while (comparison != null
                && !comparison.equal()
                && millisSince(timing.cleared) < config.settle().toMillis()) {
            Thread.sleep(SCAN_EVERY_MILLIS);
            comparison = scans.compare();
        }
        Long equalMillis = comparison != null && comparison.equal() ? (Long) millisSince(timing.cleared) : null;
        List<String> lost = load.readBack();
        return new DrillResult(
                config,
                tally.result(Phase.BEFORE, millis(timing.start, timing.fault)),
                tally.result(Phase.DURING, millis(timing.fault, timing.cleared)),
                tally.result(Phase.AFTER, millis(timing.cleared, timing.end)),
                tally.failures(),
                tally.wrongAnswers(),
                tally.wrongByKind(),
                tally.wrongExamples(),
                tally.unconfirmedAnswers(),
                timing.hintedAfter - timing.hintedBefore,
                timing.detectMillis,
                timing.convergeMillis,
                tally.acknowledgedWrites(),
                lost.size(),
                lost.subList(0, Math.min(EXAMPLES, lost.size())),
                comparison == null ? null : (Long) comparison.unequal(),
                equalMillis);
    }

    private List<String> providerNames() {
        List<String> names = new ArrayList<>();
        for (JsonNode one : control.require(control.get("/v1/status")).json().path("providers")) {
            names.add(Json.text(one, "name", ""));
        }
        return names;
    }

    private synchronized String makeNamespace() {
        String title = "drill-" + HexFormat.of().toHexDigits(new SplittableRandom().nextLong());
        Reply reply = store.send("POST", "/v1/namespaces", Json.object().put("title", title));
        String id = Json.text(store.require(reply).json(), "id", "");
        namespace = id;
        return id;
    }

    private synchronized void setFault() {
        ObjectNode fault = Json.object()
                .put("mode", config.mode())
                .put("rate", config.rate())
                .put("delay_ms", config.delayMillis());
        if (!config.operations().isEmpty()) {
            config.operations().forEach(fault.putArray("operations")::add);
        }
        if (closed) {
            throw new Failure(Failure.FAILED, "The drill was stopped.");
        }
        // Before the request: it may take effect though its answer is lost.
        faulty = true;
        control.require(control.send("PUT", faultPath(), fault));
    }

    private synchronized void clearFault() {
        control.require(control.delete(faultPath()));
        faulty = false;
    }

    private String faultPath() {
        return "/v1/providers/" + Percent.encode(config.provider()) + "/fault";
    }

    /**
     * Ends the fault and deletes the namespace, if that was not done yet. Both are tried, whatever comes of the first, and
     * also on a thread that was interrupted: a fault that nobody ends would be worse than a moment's delay.
     */
    @Override
    public synchronized void close() {
        closed = true;
        boolean interrupted = Thread.interrupted();
        try {
            if (faulty) {
                clearFault();
            }
        } finally {
            deleteNamespace();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void deleteNamespace() {
        String id = namespace;
        namespace = null;
        if (id != null) {
            store.require(store.delete("/v1/namespaces/" + id));
        }
    }

    private static long millisSince(long moment) {
        return millis(moment, System.nanoTime());
    }

    private static long millis(long from, long to) {
        return TimeUnit.NANOSECONDS.toMillis(to - from);
    }
}
