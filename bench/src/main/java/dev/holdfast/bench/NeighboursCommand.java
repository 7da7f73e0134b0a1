package dev.holdfast.bench;

import dev.holdfast.bench.Results.Spread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What one namespace that is flooded costs the others. */
@Command(
        name = "neighbours",
        description = {
            "Four namespaces are asked for so much a second, while a fifth is flooded as fast as 64 connections can,"
                    + " and while it is not, by turns: reads from near, confirmed reads, and writes.",
            "The flood is made by wrk on the same machine, with what server and users leave of the processors."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        showDefaultValues = true)
final class NeighboursCommand implements Callable<Integer> {
    private static final int NEIGHBOURS = 4;
    private static final int KEYS = 1_000;
    private static final int WARM_UP_SECONDS = 5;
    /** So much earlier than it is measured the flood begins, and so much later it ends. */
    private static final int LEAD_SECONDS = 1;

    @Option(names = "--rounds", description = "Rounds, each with and without the flood.")
    private int rounds = 7;

    @Option(names = "--seconds", description = "Seconds of one measurement.")
    private int seconds = 5;

    @Option(names = "--per-second", description = "Requests a second of each of the four.")
    private int perSecond = 100;

    @Option(names = "--connections", description = "Connections of the flood.")
    private int connections = 64;

    @Option(
            names = "--only",
            split = ",",
            description = "Some kinds of requests.",
            defaultValue = "near,confirmed,writes")
    private Set<String> only = Set.of();

    @Option(names = "--value-bytes", description = "Bytes of a value.")
    private int valueBytes = 288;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** A kind of request. */
    private record Kind(String id, String name, String method, String query) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("near", "reads from near", "GET", ""),
            new Kind("confirmed", "confirmed reads", "GET", "?mode=confirmed"),
            new Kind("writes", "writes", "PUT", ""));

    private static final List<String> IDS = KINDS.stream().map(Kind::id).toList();

    /** What was felt in one measurement. */
    private record Measured(double perSecond, double p50, double p99, long failed, double flood) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!IDS.containsAll(only)) {
            throw new ParameterException(spec.commandLine(), "--only takes any of " + String.join(", ", IDS));
        }
        if (rounds < 1 || seconds < 1 || perSecond < 2 || connections < 1 || valueBytes < 1) {
            throw new ParameterException(spec.commandLine(), "numbers must be 1 or more");
        }
        Tool.require(List.of(Tool.WRK));
        long failed = 0;
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("what", "", "flood a second", "others a second", "p50 ms", "p99 ms", "failed"));
        List<List<String>> ratios = new ArrayList<>();
        ratios.add(List.of("with the flood / without, within a round", "median", "least to most", "target", ""));
        try (Belongings belongings = new Belongings()) {
            Path folder = belongings.add(Folder.make()).path();
            Map<String, String> circumstances = Machine.describe(folder, List.of(Tool.WRK));
            HoldfastServer server = HoldfastServer.start(Pace.launcher(), folder, null, belongings);
            Load load = Load.draw(KEYS, valueBytes);
            List<Entrance.Room> rooms = new ArrayList<>();
            for (int i = 0; i <= NEIGHBOURS; i++) {
                Entrance.Room room = server.createNamespace("n" + i);
                server.fill(load, entry -> Entrance.V1.put(room, entry), entry -> Entrance.V1.get(room, entry));
                rooms.add(room);
            }
            load.write(folder.resolve("flood"));
            for (Kind kind :
                    KINDS.stream().filter(each -> only.contains(each.id())).toList()) {
                List<Measured> alone = new ArrayList<>();
                List<Measured> flooded = new ArrayList<>();
                Wrk wrk = Wrk.prepare(
                        folder.resolve("flood"),
                        "flood-" + KINDS.indexOf(kind),
                        load,
                        entry -> ask(kind, rooms.getLast(), entry),
                        connections,
                        1);
                wrk.run(server.process(), server.port(), WARM_UP_SECONDS);
                for (int round = 0; round < rounds; round++) {
                    server.awaitAllCurrent();
                    alone.add(measure(server, rooms, load, kind, null));
                    flooded.add(measure(server, rooms, load, kind, wrk));
                    System.err.printf(
                            Locale.ROOT,
                            "%s, round %d of %d: p99 %.2f ms alone, %.2f ms beside %,.0f a second%n",
                            kind.name(),
                            round + 1,
                            rounds,
                            alone.getLast().p99(),
                            flooded.getLast().p99(),
                            flooded.getLast().flood());
                }
                rows.add(row(kind.name(), "without the flood", alone));
                rows.add(row(kind.name(), "with the flood", flooded));
                ratios.add(ratio(kind.name() + ": answered a second", alone, flooded, 0));
                ratios.add(ratio(kind.name() + ": p99", alone, flooded, 1));
                failed += alone.stream().mapToLong(Measured::failed).sum()
                        + flooded.stream().mapToLong(Measured::failed).sum();
            }
            circumstances.put(
                    "load",
                    String.format(
                            Locale.ROOT,
                            "4 namespaces with %d requests a second each over 2 connections; the flood over %d"
                                    + " connections; native door, %d-byte values, %,d keys each",
                            perSecond,
                            connections,
                            valueBytes,
                            KEYS));
            circumstances.put("rounds", rounds + " of " + seconds + " s with and without");
            Report.circumstances(System.out, circumstances);
        }
        Report.table(System.out, rows);
        System.out.println();
        Report.table(System.out, ratios);
        return failed == 0 ? 0 : 1;
    }

    private static Ask ask(Kind kind, Entrance.Room room, Load.Entry entry) {
        String target = Entrance.V1.target(room, entry.key()) + kind.query();
        return new Ask(
                kind.method(),
                target,
                Entrance.V1.headers(room, entry.key()),
                kind.method().equals("PUT") ? entry.value() : "");
    }

    private Measured measure(
            HoldfastServer server, List<Entrance.Room> rooms, Load load, Kind kind, @Nullable Wrk flood)
            throws IOException, InterruptedException {
        FutureTask<Sample> flooding = null;
        if (flood != null) {
            flooding = new FutureTask<>(
                    () -> flood.runBehind(server.process(), server.port(), seconds + 2 * LEAD_SECONDS));
            Thread.ofPlatform().start(flooding);
            // wrk does not say when all its connections are at it.
            Thread.sleep(LEAD_SECONDS * 1_000L);
        }
        Steady users = new Steady(
                server.port(),
                2 * NEIGHBOURS,
                perSecond / 2,
                i -> ask(kind, rooms.get(i % NEIGHBOURS), load.drawn(i / NEIGHBOURS)));
        Steady.Felt felt = users.run(seconds);
        double flooded = 0;
        if (flooding != null) {
            try {
                flooded = flooding.get().perSecond();
            } catch (ExecutionException e) {
                throw new IOException("the flood could not be made: " + e.getCause(), e);
            }
        }
        return new Measured(
                (double) felt.millis().length / seconds,
                Results.quantile(felt.millis(), 0.5),
                Results.quantile(felt.millis(), 0.99),
                felt.failed(),
                flooded);
    }

    private static List<String> row(String what, String when, List<Measured> all) {
        return List.of(
                what,
                when,
                Report.decimal(
                        spread(all.stream().map(Measured::flood).toList()).median(), 0),
                Report.decimal(
                        spread(all.stream().map(Measured::perSecond).toList()).median(), 0),
                Report.decimal(spread(all.stream().map(Measured::p50).toList()).median(), 2),
                Report.decimal(spread(all.stream().map(Measured::p99).toList()).median(), 2),
                Long.toString(all.stream().mapToLong(Measured::failed).sum()));
    }

    /** @param which 0 for what is answered, 1 for the 99th percentile */
    private static List<String> ratio(String what, List<Measured> alone, List<Measured> flooded, int which) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < alone.size(); i++) {
            ratios.add(
                    which == 0
                            ? flooded.get(i).perSecond() / alone.get(i).perSecond()
                            : flooded.get(i).p99() / alone.get(i).p99());
        }
        Spread spread = spread(ratios);
        boolean met = which == 0 ? spread.median() >= 0.95 : spread.median() <= 1.5;
        return List.of(
                what,
                Report.decimal(spread.median(), 2),
                Report.span(spread, 2),
                which == 0 ? ">= 0.95" : "<= 1.50",
                met ? "met" : "MISSED");
    }

    private static Spread spread(List<Double> values) {
        return Spread.of(values);
    }
}
