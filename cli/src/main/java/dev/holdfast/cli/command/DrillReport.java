package dev.holdfast.cli.command;

import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.drill.DrillConfig;
import dev.holdfast.cli.drill.DrillResult;
import dev.holdfast.cli.drill.DrillResult.Latency;
import dev.holdfast.cli.drill.DrillResult.PhaseResult;
import dev.holdfast.cli.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The result of a drill for people and for programs. */
record DrillReport(DrillResult result) {

    String text() {
        DrillConfig config = result.config();
        StringBuilder text = new StringBuilder("Drill: provider " + config.provider() + ", " + config.mode()
                + (config.rate() < 1 ? " for " + config.rate() + " of calls" : "") + ", "
                + Words.duration(config.during().toMillis()) + ", "
                + Words.count(config.traffic().connections(), "connection") + "\n\n");
        text.append(new Table("", "REQ/S", "OK", "FAILED", "READ P50", "READ P99", "WRITE P50", "WRITE P99")
                .row(row("before", result.before()))
                .row(row("during", result.during()))
                .row(row("after", result.after())));
        text.append('\n')
                .append(new Table("MEASURE", "VALUE")
                        .row("wrong answers", result.wrong() + (result.wrong() == 0 ? "" : " " + result.wrongByKind()))
                        .row("stale answers", Long.toString(result.stale()))
                        .row("answers marked unconfirmed", Long.toString(result.unconfirmed()))
                        .row("writes acknowledged", Long.toString(result.acknowledged()))
                        .row("writes lost", Long.toString(result.lost()))
                        .row("writes hinted", Long.toString(result.writesHinted()))
                        .row("time to detect", time(result.detectMillis(), "not seen: the provider stayed current"))
                        .row("time to converge", time(result.convergeMillis(), "not within the time allowed"))
                        .row("keys unequal at the end", unequal()));
        result.failures()
                .forEach((reason, count) ->
                        text.append("\nfailed ").append(count).append(" x ").append(reason));
        result.wrongExamples().forEach(example -> text.append("\nwrong ").append(example));
        result.lostExamples().forEach(example -> text.append("\nlost ").append(example));
        return text.append('\n').append(verdict()).toString();
    }

    /** What the figures come to, in a sentence. */
    String verdict() {
        DrillConfig config = result.config();
        List<String> bad = new ArrayList<>();
        if (result.failed() > 0) {
            bad.add(Words.count(result.failed(), "request") + " failed");
        }
        if (result.wrong() > 0) {
            bad.add(Words.count(result.wrong(), "answer") + (result.wrong() == 1 ? " was" : " were") + " wrong");
        }
        if (result.lost() > 0) {
            bad.add(Words.count(result.lost(), "acknowledged write") + (result.lost() == 1 ? " was" : " were")
                    + " lost");
        }
        if (result.convergeMillis() == null) {
            bad.add("provider " + config.provider() + " was not current again after "
                    + Words.duration(config.settle().toMillis()));
        }
        Long unequal = result.unequalKeys();
        if (unequal != null && unequal > 0) {
            bad.add(Words.count(unequal, "key") + " differed between providers at the end");
        }
        return bad.isEmpty()
                ? "PASSED: with provider " + config.provider() + " failing (" + config.mode() + "), all "
                        + Words.count(result.ok(), "request")
                        + " were answered rightly and no acknowledged write was lost."
                : "FAILED: " + String.join("; ", bad) + ".";
    }

    ObjectNode json() {
        DrillConfig config = result.config();
        ObjectNode all = Json.object()
                .put("provider", config.provider())
                .put("mode", config.mode())
                .put("rate", config.rate());
        ArrayNode operations = all.putArray("operations");
        config.operations().forEach(operations::add);
        all.put("for_ms", config.during().toMillis())
                .put("connections", config.traffic().connections())
                .put("keys", config.traffic().keys());
        all.set("before", json(result.before()));
        all.set("during", json(result.during()));
        all.set("after", json(result.after()));
        all.put("requests_ok", result.ok()).put("requests_failed", result.failed());
        result.failures().forEach(all.putObject("failures")::put);
        all.put("wrong_answers", result.wrong());
        result.wrongByKind().forEach(all.putObject("wrong_by_kind")::put);
        result.wrongExamples().forEach(all.putArray("wrong_examples")::add);
        all.put("stale_answers", result.stale())
                .put("unconfirmed_answers", result.unconfirmed())
                .put("writes_acknowledged", result.acknowledged())
                .put("writes_lost", result.lost());
        result.lostExamples().forEach(all.putArray("lost_examples")::add);
        return all.put("writes_hinted", result.writesHinted())
                .put("detect_ms", result.detectMillis())
                .put("converge_ms", result.convergeMillis())
                .put("unequal_keys", result.unequalKeys())
                .put("equal_ms", result.equalMillis())
                .put("passed", result.passed())
                .put("verdict", verdict());
    }

    private String unequal() {
        Long unequal = result.unequalKeys();
        return unequal == null
                ? "not told by the server"
                : unequal + (unequal == 0 ? " after " + time(result.equalMillis(), "?") : "");
    }

    private static String[] row(String name, PhaseResult phase) {
        return new String[] {
            name,
            Long.toString(Math.round(phase.perSecond())),
            Long.toString(phase.ok()),
            Long.toString(phase.failed()),
            micros(phase.reads().p50Micros()),
            micros(phase.reads().p99Micros()),
            micros(phase.writes().p50Micros()),
            micros(phase.writes().p99Micros())
        };
    }

    private static ObjectNode json(PhaseResult phase) {
        ObjectNode node =
                Json.object().put("ms", phase.millis()).put("ok", phase.ok()).put("failed", phase.failed());
        node.set("reads", json(phase.reads()));
        node.set("writes", json(phase.writes()));
        return node;
    }

    private static ObjectNode json(Latency latency) {
        return Json.object()
                .put("count", latency.count())
                .put("p50_us", latency.p50Micros())
                .put("p99_us", latency.p99Micros())
                .put("max_us", latency.maxMicros());
    }

    private static String micros(long micros) {
        return String.format(Locale.ROOT, "%.2f ms", micros / 1_000.0);
    }

    private static String time(@Nullable Long millis, String otherwise) {
        return millis == null ? otherwise : Words.duration(millis);
    }
}
