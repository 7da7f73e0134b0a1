package dev.holdfast.cli.command;

import dev.holdfast.cli.Help;
import dev.holdfast.cli.Nearest;
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
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
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
        },
        footer = {
            "%nFaults: provider-crash, cut, suspended, all-cut, shard-down, slow, fault, lie,",
            "acknowledged-then-lost, wipe, roll-back, rot, node-disk-full,",
            "node-disk-failing, node-disk-lost, stall. Deletes are collected within a run",
            "in one world of six, and only there is anything suspended.",
            "%nExample:",
            "  holdfast simulate",
            "  holdfast simulate --from 1000 --seeds 10000 --nodes 3",
            "  holdfast simulate --faults cut,wipe --seconds 600 --seeds 20",
            "%nExit code 1 when a promise broke in some world. docs/simulation.md says what",
            "the promises are and how to read a story."
        })
public final class SimulateCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    final Help help = new Help();

    @Option(
            names = "--from",
            paramLabel = "SEED",
            description = "The first seed. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private long from = 0;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "How many seeds. Default: ${DEFAULT-VALUE}.",
            defaultValue = "100")
    private long seeds = 100;

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes, 1 to 8. Default: each seed draws.")
    private int nodes = 0;

    @Option(
            names = "--providers",
            paramLabel = "N",
            description = "How many providers, 2 to 8. Default: each seed draws.")
    private int providers = 0;

    @Option(
            names = "--faults",
            split = ",",
            paramLabel = "FAULT",
            description = "What may break; see below. Default: everything. Each seed draws some of it.")
    private List<String> faults = List.of();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long things break in each world, in its own time. Default: each seed draws 2 to 9.")
    private int seconds = 0;

    @Option(
            names = "--calls",
            paramLabel = "N",
            description = "About how many calls a second the clients make in each world. Default: each seed draws.")
    private int calls = 0;

    @Option(names = "--jobs", paramLabel = "N", description = "Worlds at a time. Default: one for each processor.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--json",
            description = "One JSON object for each world in which a promise broke, and one for the whole at the end.")
    private boolean json;

    public SimulateCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Quiet.engine();
        Shape shape = shape();
        long began = System.nanoTime();
        long[] seen = new long[2];
        Simulation.Summary summary;
        try (Progress progress = new Progress(shell, "seeds", "seeds", seeds)) {
            summary = new Simulation(ReplicatedOrigin.asShipped(), shape).run(from, seeds, jobs, result -> {
                progress.at(++seen[0]);
                if (!result.passed()) {
                    seen[1]++;
                    tell(result);
                }
            });
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "The simulation was interrupted.", stopped);
        }
        conclude(summary, (System.nanoTime() - began) / 1e9);
        return summary.failed() == 0 ? 0 : Failure.FAILED;
    }

    private Shape shape() {
        within("--seeds", seeds, 1, Long.MAX_VALUE - Math.max(0, from));
        within("--jobs", jobs, 1, 256);
        if (nodes != 0) {
            within("--nodes", nodes, 1, 8);
        }
        if (providers != 0) {
            within("--providers", providers, 2, 8);
        }
        if (seconds != 0) {
            within("--seconds", seconds, 1, 86_400);
        }
        if (calls != 0) {
            within("--calls", calls, 1, 10_000);
        }
        return new Shape(nodes, providers, troubles(), seconds, calls);
    }

    private static void within(String option, long given, long least, long most) {
        if (given < least || given > most) {
            throw new Failure(Failure.USAGE, option + " must be " + least + " to " + most + ", and is " + given + ".");
        }
    }

    private Set<Trouble> troubles() {
        if (faults.isEmpty()) {
            return EnumSet.allOf(Trouble.class);
        }
        Set<Trouble> wanted = EnumSet.noneOf(Trouble.class);
        for (String fault : faults) {
            wanted.add(Arrays.stream(Trouble.values())
                    .filter(trouble -> trouble.label().equals(fault))
                    .findFirst()
                    .orElseThrow(() -> unknown(fault)));
        }
        return wanted;
    }

    private static Failure unknown(String fault) {
        List<String> near = Nearest.to(
                fault, Arrays.stream(Trouble.values()).map(Trouble::label).toList());
        return new Failure(
                Failure.USAGE,
                "No fault is called " + fault + "."
                        + (near.isEmpty() ? "" : " Did you mean " + String.join(" or ", near) + "?"));
    }

    private void tell(Result result) {
        if (json) {
            shell.out().println(Json.MAPPER.writeValueAsString(document(result)));
        } else {
            shell.out().println(result.report());
            shell.out().println("  again: holdfast simulate --from " + result.seed() + " --seeds 1" + again());
        }
        shell.out().flush();
    }

    /** The options that make the same world of a seed. */
    private String again() {
        return (nodes == 0 ? "" : " --nodes " + nodes)
                + (providers == 0 ? "" : " --providers " + providers)
                + (faults.isEmpty() ? "" : " --faults " + String.join(",", faults))
                + (seconds == 0 ? "" : " --seconds " + seconds)
                + (calls == 0 ? "" : " --calls " + calls);
    }

    private static ObjectNode document(Result result) {
        ObjectNode document = Json.object();
        document.put("seed", result.seed());
        document.put("digest", result.digest());
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

    private void conclude(Simulation.Summary summary, double took) {
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
            shell.out().println(Json.MAPPER.writeValueAsString(document));
            return;
        }
        shell.out()
                .printf(
                        "%s, %,d failed. %,d calls, %,d faults, %,d scheduler steps; %,.1f virtual hours in %,.1f s"
                                + " (%,.0f times real time, %,.0f calls a virtual second). Digest %s.%n",
                        Words.count(summary.seeds(), "seed"),
                        summary.failed(),
                        summary.operations(),
                        summary.faults(),
                        summary.steps(),
                        virtual / 3600,
                        took,
                        virtual / took,
                        summary.operations() / virtual,
                        summary.digest());
    }
}
