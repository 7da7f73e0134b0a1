package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.http.Json;
import dev.holdfast.simulation.recovery.Finding;
import dev.holdfast.simulation.recovery.Played;
import dev.holdfast.simulation.recovery.Recovery;
import dev.holdfast.simulation.recovery.RecoveryPage;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code holdfast replay} of an outage that is played up to the recovery. */
final class RecoveryReplay {
    private final Shell shell;
    private final Recovery recovery;

    RecoveryReplay(Shell shell, Recovery recovery) {
        this.shell = shell;
        this.recovery = recovery;
    }

    List<Played> play(int jobs) throws InterruptedException {
        try (Progress progress =
                new Progress(shell, "runs", "runs", recovery.arms().size())) {
            return play(jobs, progress::at);
        }
    }

    private List<Played> play(int jobs, IntConsumer done) throws InterruptedException {
        Map<String, Played> results = new HashMap<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
            CompletionService<Played> runs = new ExecutorCompletionService<>(pool);
            for (String arm : recovery.arms()) {
                runs.submit(() -> recovery.play(arm));
            }
            while (results.size() < recovery.arms().size()) {
                Played played = runs.take().get();
                results.put(played.arm(), played);
                done.accept(results.size());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a recovery could not be played: " + e.getCause(), e);
        }
        return recovery.arms().stream()
                .map(arm -> Objects.requireNonNull(results.get(arm)))
                .toList();
    }

    void print(List<Played> results) {
        List<Played.Fact> first = results.getFirst().facts();
        String[] heading = new String[first.size() + 1];
        heading[0] = "ARM";
        for (int i = 0; i < first.size(); i++) {
            heading[i + 1] = first.get(i).name().toUpperCase(Locale.ROOT);
        }
        Table table = new Table(heading);
        for (Played played : results) {
            String[] row = new String[heading.length];
            row[0] = played.arm();
            for (int i = 0; i < first.size(); i++) {
                row[i + 1] = played.facts().get(i).figure();
            }
            table.row(row);
        }
        shell.out().print(table);
        for (Played played : results) {
            shell.out().println();
            shell.out().println(RecoveryPage.verdict(played));
            for (Finding finding : played.findings()) {
                shell.out()
                        .println((finding.kept() ? "  kept    " : "  broken  ") + finding.check() + ". "
                                + finding.words());
            }
        }
        shell.out().println();
        recovery.limits().forEach(shell.out()::println);
    }

    ObjectNode document(List<Played> results) {
        ObjectNode document = Json.object().put("replay", recovery.name());
        ArrayNode arms = document.putArray("arms");
        for (Played played : results) {
            ObjectNode arm = arms.addObject()
                    .put("arm", played.arm())
                    .put("kept", played.kept())
                    .put("digest", played.digest());
            ArrayNode checks = arm.putArray("checks");
            for (Finding finding : played.findings()) {
                checks.addObject()
                        .put("check", finding.check())
                        .put("kept", finding.kept())
                        .put("words", finding.words());
            }
            ObjectNode figures = arm.putObject("figures");
            played.facts().forEach(fact -> figures.put(fact.name(), fact.figure()));
            arm.put("step_seconds", played.step()).put("steady_load", played.steadyLoad());
            ArrayNode load = arm.putArray("load");
            played.load().forEach(load::add);
            ObjectNode lines = arm.putObject("lines");
            for (Played.Line line : played.lines()) {
                ArrayNode shares = lines.putArray(line.name());
                line.shares().forEach(shares::add);
            }
        }
        ArrayNode limits = document.putArray("limits");
        recovery.limits().forEach(limits::add);
        ArrayNode assumptions = document.putArray("assumptions");
        recovery.assumptions().forEach(assumptions::add);
        return document;
    }
}
