package dev.holdfast.cli.command;

import dev.holdfast.cli.Help;
import dev.holdfast.cli.Nearest;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.simulation.replay.ArmResult;
import dev.holdfast.simulation.replay.Page;
import dev.holdfast.simulation.replay.Replays;
import dev.holdfast.simulation.replay.Scenario;
import dev.holdfast.simulation.replay.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "replay",
        description = {
            "Plays an outage that has happened again, in simulation, on three ways to build the store: one provider"
                    + " behind a cache; two providers, acknowledged on the first; and Holdfast.",
            "Writes a page, replay-NAME.html, that says what each would have come to, and on what assumptions."
                    + " No server is needed. Without a name it lists the outages."
        },
        footer = {
            "%nExample:",
            "  holdfast replay",
            "  holdfast replay cf-2025-06-12",
            "  holdfast replay unisuper-2024-deletion --json"
        })
public final class ReplayCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    final Help help = new Help();

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Which outage.")
    private @Nullable String name;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where the page goes. Default: ${DEFAULT-VALUE}.",
            defaultValue = ".")
    private Path folder = Path.of(".");

    @Option(names = "--json", description = "One JSON object with all figures on the last line.")
    private boolean json;

    public ReplayCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
        String wanted = name;
        if (wanted == null) {
            Table table = new Table("NAME", "OUTAGE");
            Replays.ALL.forEach(scenario -> table.row(scenario.name(), scenario.title()));
            shell.out().print(table);
            return 0;
        }
        Scenario scenario = Replays.named(wanted).orElseThrow(() -> unknown(wanted));
        Quiet.engine();
        shell.err().println("Playing " + scenario.title() + " ...");
        Replays.Outcome outcome;
        try {
            outcome = Replays.play(scenario, Runtime.getRuntime().availableProcessors());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "The replay was interrupted.", stopped);
        }
        Path page = folder.resolve("replay-" + scenario.name() + ".html");
        Files.createDirectories(folder);
        Files.writeString(page, Page.of(outcome));
        if (json) {
            shell.err().println("The page is " + page + ".");
            shell.out().println(Json.MAPPER.writeValueAsString(document(outcome)));
        } else {
            print(outcome, page);
        }
        return 0;
    }

    private static Failure unknown(String wanted) {
        List<String> names = Replays.ALL.stream().map(Scenario::name).toList();
        List<String> near = Nearest.to(wanted, names);
        return new Failure(
                Failure.USAGE,
                "There is no replay \"" + wanted + "\"; "
                        + (near.isEmpty()
                                ? "there are " + String.join(", ", names)
                                : "did you mean " + String.join(" or ", near) + "?"));
    }

    private void print(Replays.Outcome outcome, Path page) {
        Table table = new Table("ARM", "REQUESTS", "FAILED", "READS FAILED", "WRITES FAILED", "READS STALE", "LOST");
        for (ArmResult arm : outcome.arms()) {
            ArmResult.Shares during = arm.during();
            table.row(
                    arm.arm(),
                    Long.toString(during.requests()),
                    Verdict.percent(during.failed()),
                    Verdict.percent(during.failedReads()),
                    Verdict.percent(during.failedWrites()),
                    Verdict.percent(during.stale()),
                    Long.toString(arm.lost()));
        }
        shell.out().print(table);
        shell.out().println();
        shell.out().println(Verdict.of(outcome));
        shell.out().println("The page is " + page + ".");
    }

    private static ObjectNode document(Replays.Outcome outcome) {
        ObjectNode document = Json.object();
        document.put("replay", outcome.scenario().name());
        document.put("verdict", Verdict.of(outcome));
        ArrayNode arms = document.putArray("arms");
        for (ArmResult arm : outcome.arms()) {
            ObjectNode one = arms.addObject();
            one.put("arm", arm.arm());
            one.put("requests", arm.during().requests());
            one.put("failed", arm.during().failed());
            one.put("failed_reads", arm.during().failedReads());
            one.put("failed_writes", arm.during().failedWrites());
            one.put("stale", arm.during().stale());
            one.put("lost", arm.lost());
            ArrayNode minutes = one.putArray("minutes");
            for (ArmResult.Minute minute : arm.minutes()) {
                minutes.addObject()
                        .put("at", minute.at())
                        .put("reads", minute.reads())
                        .put("writes", minute.writes())
                        .put("stale", minute.stale());
            }
            ObjectNode load = one.putObject("calls_a_minute");
            arm.load().forEach((provider, calls) -> {
                ArrayNode served = load.putArray(provider);
                calls.forEach(served::add);
            });
        }
        ArrayNode sensitivity = document.putArray("sensitivity");
        for (Replays.Sensitivity each : outcome.sensitivity()) {
            sensitivity
                    .addObject()
                    .put("arm", each.arm())
                    .put("assumption", each.assumption())
                    .put("seconds", each.seconds())
                    .put("failed", each.failed())
                    .put("lost", each.lost());
        }
        ArrayNode assumptions = document.putArray("assumptions");
        outcome.scenario().assumptions().forEach(assumptions::add);
        return document;
    }
}
