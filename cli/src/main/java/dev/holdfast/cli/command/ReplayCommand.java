package dev.holdfast.cli.command;

import dev.holdfast.cli.Help;
import dev.holdfast.cli.Nearest;
import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.simulation.coldstart.ColdStartResult;
import dev.holdfast.simulation.recovery.Played;
import dev.holdfast.simulation.recovery.Recoveries;
import dev.holdfast.simulation.recovery.Recovery;
import dev.holdfast.simulation.recovery.RecoveryPage;
import dev.holdfast.simulation.replay.ArmResult;
import dev.holdfast.simulation.replay.Outages;
import dev.holdfast.simulation.replay.Page;
import dev.holdfast.simulation.replay.Replays;
import dev.holdfast.simulation.replay.Scenario;
import dev.holdfast.simulation.replay.Verdict;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
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
            "Or plays one up to the recovery, and checks it: gcp-2025-06-12-herd and others of the list; or"
                    + " cold-start, all caches empty at once, with and without bounds on what comes to the providers.",
            "Writes a page, replay-NAME.html, that says what each would have come to, and on what assumptions."
                    + " No server is needed. Without a name it lists the outages."
        },
        footer = {
            "%nExample:",
            "  holdfast replay",
            "  holdfast replay cf-2025-06-12",
            "  holdfast replay unisuper-2024-deletion --json",
            "  holdfast replay gcp-2025-06-12-herd",
            "  holdfast replay cold-start"
        })
public final class ReplayCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    final Help help = new Help();

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Which outage.")
    private @Nullable String name;

    @Option(names = "--out", paramLabel = "FOLDER", description = "Where the page goes. Default: the current folder.")
    private Path folder = Path.of(".");

    @Option(names = "--jobs", paramLabel = "N", description = "Runs at a time. Default: one for each processor.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--json",
            description = "One JSON object with all figures on the last line; without a name, one for each outage.")
    private boolean json;

    public ReplayCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        String wanted = name;
        if (wanted == null) {
            list();
            return 0;
        }
        if (!names().contains(wanted)) {
            throw unknown(wanted);
        }
        Within.range("--jobs", jobs, 1, 256);
        Path page = page("replay-" + wanted + ".html");
        Quiet.engine();
        try {
            if (wanted.equals(ColdStartReplay.NAME)) {
                coldStart(page);
            } else if (Recoveries.named(wanted).isPresent()) {
                recovery(Recoveries.named(wanted).orElseThrow(), page);
            } else {
                outage(Outages.named(wanted).orElseThrow(), page);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "The replay was interrupted.", stopped);
        }
        (json ? shell.err() : shell.out()).println("The page is " + page + ".");
        return 0;
    }

    private void coldStart(Path page) throws InterruptedException {
        shell.err().println("Playing a cold start ...");
        ColdStartReplay replay = new ColdStartReplay(shell);
        List<ColdStartResult> results = replay.play(jobs);
        write(page, ColdStartReplay.page(results));
        if (json) {
            shell.out().println(Json.MAPPER.writeValueAsString(ColdStartReplay.document(results)));
        } else {
            replay.print(results);
        }
    }

    private void recovery(Recovery recovery, Path page) throws InterruptedException {
        shell.err().println("Playing " + recovery.title() + " ...");
        RecoveryReplay replay = new RecoveryReplay(shell, recovery);
        List<Played> results = replay.play(jobs);
        write(page, RecoveryPage.of(recovery, results));
        if (json) {
            shell.out().println(Json.MAPPER.writeValueAsString(replay.document(results)));
        } else {
            replay.print(results);
        }
    }

    private void outage(Scenario scenario, Path page) throws InterruptedException {
        shell.err().println("Playing " + scenario.title() + " ...");
        Replays.Outcome outcome;
        try (Progress progress = new Progress(shell, "runs", "runs", Replays.RUNS)) {
            outcome = Replays.play(scenario, jobs, progress::at);
        }
        write(page, Page.of(outcome));
        if (json) {
            shell.out().println(Json.MAPPER.writeValueAsString(document(outcome)));
        } else {
            print(outcome);
        }
    }

    private static void write(Path page, String content) {
        try {
            Files.writeString(page, content);
        } catch (IOException e) {
            throw new Failure(Failure.FAILED, page + " cannot be written: " + reason(e) + ".", e);
        }
    }

    private void list() {
        if (json) {
            ArrayNode outages = Json.array();
            Outages.ALL.forEach(
                    scenario -> outages.addObject().put("name", scenario.name()).put("outage", scenario.title()));
            Recoveries.ALL.forEach(
                    recovery -> outages.addObject().put("name", recovery.name()).put("outage", recovery.title()));
            outages.addObject().put("name", ColdStartReplay.NAME).put("outage", ColdStartReplay.TITLE);
            shell.out().println(Json.MAPPER.writeValueAsString(outages));
            return;
        }
        Table table = new Table("NAME", "OUTAGE");
        Outages.ALL.forEach(scenario -> table.row(scenario.name(), scenario.title()));
        Recoveries.ALL.forEach(recovery -> table.row(recovery.name(), recovery.title()));
        table.row(ColdStartReplay.NAME, ColdStartReplay.TITLE);
        shell.out().print(table);
    }

    /** Where the page goes. Made sure of before the replay, which takes its time. */
    private Path page(String file) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new Failure(Failure.USAGE, "--out " + folder + " is a file; name a folder.");
        }
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "replay", null));
        } catch (IOException e) {
            throw new Failure(
                    Failure.USAGE,
                    "--out " + folder + " cannot be " + (Files.isDirectory(folder) ? "written" : "created") + ": "
                            + reason(e) + ".",
                    e);
        }
        return folder.resolve(file);
    }

    /** Without the name of the file, where the JDK gives it apart. */
    private static String reason(IOException thrown) {
        return switch (thrown) {
            case AccessDeniedException denied -> "access is denied";
            case NoSuchFileException missing -> "there is no folder in which it could be";
            case FileAlreadyExistsException exists -> exists.getFile() + " is a file";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(thrown.getMessage());
        };
    }

    private static List<String> names() {
        List<String> names =
                new ArrayList<>(Outages.ALL.stream().map(Scenario::name).toList());
        Recoveries.ALL.forEach(recovery -> names.add(recovery.name()));
        names.add(ColdStartReplay.NAME);
        return names;
    }

    private static Failure unknown(String wanted) {
        List<String> names = names();
        List<String> near = Nearest.to(wanted, names);
        return new Failure(
                Failure.USAGE,
                "There is no replay \"" + wanted + "\"; "
                        + (near.isEmpty()
                                ? "there are " + String.join(", ", names)
                                : "did you mean " + String.join(" or ", near) + "?"));
    }

    private void print(Replays.Outcome outcome) {
        Table table = new Table("ARM", "REQUESTS", "FAILED", "READS FAILED", "WRITES FAILED", "READS STALE", "LOST");
        for (ArmResult arm : outcome.arms()) {
            ArmResult.Shares during = arm.during();
            table.row(
                    arm.arm(),
                    Long.toString(during.requests()),
                    Verdict.percent(during.failed()),
                    Verdict.percent(during.failedReads()),
                    Verdict.percent(during.failedWrites()),
                    Verdict.stalePercent(during),
                    arm.lost() + " of " + arm.acknowledged());
        }
        shell.out().print(table);
        shell.out().println();
        Verdict.of(outcome).forEach(shell.out()::println);
    }

    private static void shares(ObjectNode to, ArmResult.Shares shares) {
        to.put("requests", shares.requests());
        to.put("failed", shares.failed());
        to.put("failed_reads", shares.failedReads());
        to.put("failed_writes", shares.failedWrites());
        if (!shares.hardlyAnswered()) {
            to.put("stale", shares.stale());
            to.put("stale_by_cache", shares.overtaken());
            to.put("stale_by_store", shares.old());
        }
    }

    private static ObjectNode document(Replays.Outcome outcome) {
        ObjectNode document = Json.object();
        document.put("replay", outcome.scenario().name());
        document.put("verdict", String.join(" ", Verdict.of(outcome)));
        ArrayNode arms = document.putArray("arms");
        for (ArmResult arm : outcome.arms()) {
            ObjectNode one = arms.addObject();
            one.put("arm", arm.arm());
            shares(one, arm.during());
            shares(one.putObject("after"), arm.after());
            one.put("acknowledged", arm.acknowledged());
            one.put("lost", arm.lost());
            ArrayNode minutes = one.putArray("minutes");
            for (ArmResult.Minute minute : arm.minutes()) {
                ObjectNode felt = minutes.addObject()
                        .put("at", minute.at())
                        .put("reads", minute.reads())
                        .put("writes", minute.writes());
                if (!minute.hardlyAnswered()) {
                    felt.put("stale", minute.stale());
                }
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
