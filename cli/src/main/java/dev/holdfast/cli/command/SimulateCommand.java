package dev.holdfast.cli.command;

import dev.holdfast.cli.Help;
import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.check.Violation;
import dev.holdfast.simulation.world.ReplicatedOrigin;
import dev.holdfast.simulation.world.Result;
import dev.holdfast.simulation.world.Shape;
import dev.holdfast.simulation.world.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "simulate",
        description = {
            "Runs the store in made-up worlds in which things break, and checks every promise in each.",
            "A world is made from its seed alone: threads, clocks, disks, networks and faults. The same seed"
                    + " is the same world again, whoever runs it. No server is needed."
        })
public final class SimulateCommand implements Callable<Integer> {
    private static final String EXAMPLES = """
        %nOnly worlds that collect deletes within the run, one in six, suspend anything.
        %nExample:
          holdfast simulate
          holdfast simulate --from 1000 --seeds 10000 --nodes 3
          holdfast simulate --faults cut,wipe --seconds 600 --seeds 20
        %nExit code 1 when a promise broke in some world. docs/simulation.md says what
        the promises are and how to read a story.
        """;

    private final Shell shell;

    @Mixin
    final Help help = new Help();

    @Option(
            names = "--from",
            paramLabel = "SEED",
            description = "The first seed, 0 to 9223372036854775806. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private long from = 0;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "How many seeds. Default: ${DEFAULT-VALUE}.",
            defaultValue = "100")
    private long seeds = 100;

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes, 1 to 8. Default: each seed draws.")
    private @Nullable Integer nodes;

    @Option(
            names = "--providers",
            paramLabel = "N",
            description = "How many providers, 2 to 8. Default: each seed draws.")
    private @Nullable Integer providers;

    @Option(
            names = "--faults",
            split = ",",
            paramLabel = "FAULT",
            description = "What may break; see below. Default: everything. Each seed draws some of it.")
    private List<String> faults = List.of();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How many seconds things break in each world, in its own time: 1 to 86400."
                    + " Default: each seed draws 2 to 9, or 30 to 59 where it collects deletes.")
    private @Nullable Integer seconds;

    @Option(
            names = "--calls",
            paramLabel = "N",
            description = "About how many calls a second the clients make in each world, 1 to 10000."
                    + " Default: each seed draws.")
    private @Nullable Integer calls;

    @Option(
            names = "--edges",
            paramLabel = "N",
            description = "How many edges, with readers of what is near, 0 to 8. Default: each seed draws 0 to 3.")
    private @Nullable Integer edges;

    @Option(names = "--jobs", paramLabel = "N", description = "Worlds at a time. Default: one for each processor.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--json",
            description = "One JSON object for each world in which a promise broke, and one for the whole at the end.")
    private boolean json;

    public SimulateCommand(Shell shell) {
        this.shell = shell;
    }

    /** With help on every fault, which an annotation cannot gather. */
    public static CommandLine line(Shell shell) {
        CommandLine line = new CommandLine(new SimulateCommand(shell));
        line.getCommandSpec()
                .usageMessage()
                .footer((FaultNames.help() + EXAMPLES).lines().toArray(String[]::new));
        return line;
    }

    @Override
    public Integer call() {
        Quiet.engine();
        Shape shape = shape();
        long began = System.nanoTime();
        List<Long> failed = new ArrayList<>();
        long[] seen = new long[1];
        Simulation.Summary summary;
        try (Progress progress = new Progress(shell, "seeds", "seeds", seeds)) {
            summary = new Simulation(ReplicatedOrigin.asShipped(), shape).run(from, seeds, jobs, result -> {
                progress.at(++seen[0]);
                if (!result.passed()) {
                    failed.add(result.seed());
                    tell(result);
                }
            });
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "The simulation was interrupted.", stopped);
        }
        conclude(summary, failed, (System.nanoTime() - began) / 1e9);
        return summary.failed() == 0 ? 0 : Failure.FAILED;
    }

    private Shape shape() {
        Within.range("--from", from, 0, Long.MAX_VALUE - 1);
        Within.range("--jobs", jobs, 1, 256);
        if (seeds < 1 || seeds > Long.MAX_VALUE - from) {
            throw new Failure(
                    Failure.USAGE,
                    "--seeds must be 1 to " + (Long.MAX_VALUE - from) + " with --from " + from + ", and is " + seeds
                            + ".");
        }
        return new Shape(
                orDrawn("--nodes", nodes, 1, 8),
                orDrawn("--providers", providers, 2, 8),
                FaultNames.read(faults),
                orDrawn("--seconds", seconds, 1, 86_400),
                orDrawn("--calls", calls, 1, 10_000),
                edges == null ? Shape.DRAW : orDrawn("--edges", edges, 0, 8));
    }

    /** What a shape takes for "each seed draws", where nothing is given. */
    private static int orDrawn(String option, @Nullable Integer given, int least, int most) {
        if (given == null) {
            return 0;
        }
        Within.range(option, given, least, most);
        return given;
    }

    private void tell(Result result) {
        if (json) {
            shell.out().println(Json.MAPPER.writeValueAsString(document(result)));
        } else {
            shell.out().println(result.report());
            shell.out().println("  again: " + again(result));
        }
        shell.out().flush();
    }

    /** The command that makes the same world again. */
    private String again(Result result) {
        return "holdfast simulate --from " + result.seed() + " --seeds 1" + option("--nodes", nodes)
                + option("--providers", providers)
                + (faults.isEmpty() ? "" : option("--faults", labels()))
                + option("--seconds", seconds)
                + option("--calls", calls)
                + option("--edges", edges);
    }

    private static String option(String name, @Nullable Object value) {
        return value == null ? "" : " " + name + " " + value;
    }

    private String labels() {
        return FaultNames.read(faults).stream().map(Trouble::label).collect(Collectors.joining(","));
    }

    private ObjectNode document(Result result) {
        ObjectNode document = Json.object();
        document.put("seed", result.seed());
        document.put("digest", result.digest());
        document.put("again", again(result));
        document.put("plan", result.plan());
        if (!result.failure().isEmpty()) {
            document.put("failure", result.failure());
        }
        ArrayNode broken = document.putArray("broken");
        for (Violation violation : result.violations()) {
            ObjectNode one = broken.addObject();
            one.put("promise", violation.promise());
            one.put("sentence", violation.sentence());
            ArrayNode story = one.putArray("story");
            violation.story().forEach(story::add);
        }
        return document;
    }

    private void conclude(Simulation.Summary summary, List<Long> failed, double took) {
        double virtual = summary.virtualNanos() / 1e9;
        if (json) {
            ObjectNode document = Json.object();
            document.put("seeds", summary.seeds());
            document.put("failed", summary.failed());
            document.put("operations", summary.operations());
            document.put("faults", summary.faults());
            document.put("steps", summary.steps());
            document.put("virtual_seconds", virtual);
            document.put("seconds", took);
            document.put("digest", summary.digest());
            ArrayNode seeds = document.putArray("failed_seeds");
            failed.forEach(seeds::add);
            shell.out().println(Json.MAPPER.writeValueAsString(document));
            return;
        }
        shell.out()
                .printf(
                        "%s, %,d failed. %,d calls, %,d faults, %,d scheduler steps; %s in %,.1f s"
                                + " (%,.0f times real time, %,.0f calls a virtual second). Digest of all seeds: %s.%n",
                        Words.count(summary.seeds(), "seed"),
                        summary.failed(),
                        summary.operations(),
                        summary.faults(),
                        summary.steps(),
                        virtual < 3600
                                ? String.format(Locale.ROOT, "%,.0f virtual seconds", virtual)
                                : String.format(Locale.ROOT, "%,.1f virtual hours", virtual / 3600),
                        took,
                        virtual / took,
                        summary.operations() / virtual,
                        summary.digest());
        if (!failed.isEmpty()) {
            shell.out()
                    .println("Failed: " + (failed.size() == 1 ? "seed " : "seeds ")
                            + failed.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ".");
        }
    }
}
