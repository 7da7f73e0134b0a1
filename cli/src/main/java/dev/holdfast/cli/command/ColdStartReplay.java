package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.http.Json;
import dev.holdfast.simulation.coldstart.ColdStart;
import dev.holdfast.simulation.coldstart.ColdStartPage;
import dev.holdfast.simulation.coldstart.ColdStartResult;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code holdfast replay cold-start}: a recovery that has no outage of its own to be replayed. */
final class ColdStartReplay {
    static final String NAME = "cold-start";
    static final String TITLE = "All caches empty at once, with and without bounds on what comes to the providers";

    private static final ColdStart PLAN = ColdStart.DEFAULT;

    private final Shell shell;

    ColdStartReplay(Shell shell) {
        this.shell = shell;
    }

    List<ColdStartResult> play(int jobs) throws InterruptedException {
        try (Progress progress = new Progress(shell, "runs", "runs", ColdStart.Arm.values().length)) {
            return play(jobs, progress::at);
        }
    }

    private static List<ColdStartResult> play(int jobs, IntConsumer done) throws InterruptedException {
        Map<ColdStart.Arm, ColdStartResult> results = new EnumMap<>(ColdStart.Arm.class);
        try (ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
            CompletionService<ColdStartResult> runs = new ExecutorCompletionService<>(pool);
            for (ColdStart.Arm arm : ColdStart.Arm.values()) {
                runs.submit(() -> PLAN.play(arm));
            }
            while (results.size() < ColdStart.Arm.values().length) {
                ColdStartResult result = runs.take().get();
                results.put(result.arm(), result);
                done.accept(results.size());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a cold start could not be played: " + e.getCause(), e);
        }
        return List.copyOf(results.values());
    }

    static String page(List<ColdStartResult> results) {
        return ColdStartPage.of(PLAN, results);
    }

    void print(List<ColdStartResult> results) {
        Table table = new Table("STORE", "TIER 0 BACK", "TIER 1", "TIER 2", "TIER 3", "MOST LOAD", "ANSWERED AT LAST");
        for (ColdStartResult result : results) {
            List<String> back = result.tiers().stream()
                    .map(tier -> tier.recoveredSeconds().isPresent()
                            ? tier.recoveredSeconds().getAsInt() + " s"
                            : "never")
                    .toList();
            table.row(
                    result.arm().what(),
                    back.get(0),
                    back.get(1),
                    back.get(2),
                    back.get(3),
                    String.format(Locale.ROOT, "%.2f of before", result.peakLoad() / result.steadyLoad()),
                    String.format(Locale.ROOT, "%.2f %%", 100 * result.answeredAtLast()));
        }
        shell.out().print(table);
        shell.out().println();
        results.forEach(result -> shell.out().println(ColdStartPage.verdict(PLAN, result)));
    }

    static ObjectNode document(List<ColdStartResult> results) {
        ObjectNode document = Json.object().put("replay", NAME);
        ArrayNode arms = document.putArray("arms");
        for (ColdStartResult result : results) {
            ObjectNode arm = arms.addObject()
                    .put("arm", result.arm().name().toLowerCase(Locale.ROOT))
                    .put("steady_load", result.steadyLoad())
                    .put("peak_load", result.peakLoad())
                    .put("answered_before", result.answeredBefore())
                    .put("answered_at_last", result.answeredAtLast())
                    .put("recovered", result.recovered());
            ArrayNode tiers = arm.putArray("recovered_seconds");
            result.tiers().forEach(tier -> {
                if (tier.recoveredSeconds().isPresent()) {
                    tiers.add(tier.recoveredSeconds().getAsInt());
                } else {
                    tiers.addNull();
                }
            });
            ArrayNode points = arm.putArray("points");
            for (ColdStartResult.Point point : result.points()) {
                ObjectNode one =
                        points.addObject().put("second", point.second()).put("load", point.load());
                ArrayNode answered = one.putArray("answered");
                point.answered().forEach(answered::add);
            }
        }
        ArrayNode assumptions = document.putArray("assumptions");
        PLAN.assumptions().forEach(assumptions::add);
        return document;
    }
}
