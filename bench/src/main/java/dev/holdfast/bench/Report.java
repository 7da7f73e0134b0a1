package dev.holdfast.bench;

import dev.holdfast.bench.Results.Spread;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a run found, as tables in Markdown or as one JSON object. */
record Report(Map<String, String> circumstances, Lineup lineup, Results results) {

    void print(PrintStream out) {
        circumstances(out, circumstances);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "what", "", "per second", "least to most", "CPU us", "load CPU us", "p50 ms", "p99 ms", "failed"));
        for (Case each : lineup.cases()) {
            Spread rate = results.spread(each.id(), Sample::perSecond);
            rows.add(List.of(
                    each.subject(),
                    each.operation(),
                    decimal(rate.median(), 0),
                    span(rate, 0),
                    median(each, Sample::cpuMicros, 1),
                    median(each, Sample::generatorMicros, 1),
                    latency(each, Sample::medianMicros),
                    latency(each, Sample::p99Micros),
                    Long.toString(results.failed(each.id()))));
        }
        table(out, rows);
        ratios(out);
        if (!results.disturbances().isEmpty()) {
            out.println();
            out.println("Disturbed, so not of the state that was to be measured:");
            results.disturbances().forEach(each -> out.println("- " + each));
        }
    }

    static void circumstances(PrintStream out, Map<String, String> circumstances) {
        circumstances.forEach((name, value) -> out.println("- " + name + ": " + value));
        out.println();
    }

    private void ratios(PrintStream out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ratio within a round", "median", "least to most", "target", "", "CPU us"));
        for (Ratio ratio : lineup.ratios()) {
            if (ratio.in(results)) {
                Spread spread = ratio.of(results);
                boolean none = ratio.target() == 0;
                rows.add(List.of(
                        ratio.name(),
                        decimal(spread.median(), 2),
                        span(spread, 2),
                        none ? "" : ">= " + decimal(ratio.target(), 2),
                        none ? "" : spread.median() >= ratio.target() ? "met" : "MISSED",
                        ratio.others().stream()
                                .map(this::cpu)
                                .collect(Collectors.joining(", ", cpu(ratio.id()) + " / ", ""))));
            }
        }
        if (rows.size() > 1) {
            out.println();
            table(out, rows);
        }
    }

    private String cpu(String id) {
        return decimal(results.spread(id, Sample::cpuMicros).median(), 1);
    }

    /** @param rows the first has the names of the columns */
    static void table(PrintStream out, List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (int at = 0; at < rows.size(); at++) {
            out.println(line(rows.get(at), widths, ' '));
            if (at == 0) {
                out.println(line(rows.getFirst().stream().map(_ -> "").toList(), widths, '-'));
            }
        }
    }

    private static String line(List<String> cells, int[] widths, char fill) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            line.append(fill)
                    .append(cell)
                    .repeat(fill, widths[i] - cell.length() + 1)
                    .append('|');
        }
        return line.toString();
    }

    private String median(Case which, ToDoubleFunction<Sample> figure, int digits) {
        return decimal(results.spread(which.id(), figure).median(), digits);
    }

    /** In milliseconds; a dash when nothing of which the time was taken was whole before the end. */
    private String latency(Case which, ToLongFunction<Sample> micros) {
        double median = results.spread(which.id(), micros::applyAsLong).median();
        return median == 0 ? "-" : decimal(median / 1e3, 2);
    }

    static String span(Spread spread, int digits) {
        return decimal(spread.least(), digits) + " to " + decimal(spread.most(), digits);
    }

    static String decimal(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    String json() {
        JsonMapper json = new JsonMapper();
        ObjectNode root = json.createObjectNode();
        circumstances.forEach(root.putObject("circumstances")::put);
        for (Case each : lineup.cases()) {
            ObjectNode node = root.withArray("measured")
                    .addObject()
                    .put("id", each.id())
                    .put("subject", each.subject())
                    .put("operation", each.operation())
                    .put("failed", results.failed(each.id()));
            put(node, "per_second", results.spread(each.id(), Sample::perSecond));
            put(node, "cpu_us", results.spread(each.id(), Sample::cpuMicros));
            put(node, "generator_cpu_us", results.spread(each.id(), Sample::generatorMicros));
            put(node, "p50_us", results.spread(each.id(), Sample::medianMicros));
            put(node, "p99_us", results.spread(each.id(), Sample::p99Micros));
        }
        results.disturbances().forEach(root.putArray("disturbances")::add);
        for (Ratio ratio : lineup.ratios()) {
            if (ratio.in(results)) {
                ObjectNode node = root.withArray("ratios").addObject().put("name", ratio.name());
                put(node, "ratio", ratio.of(results));
                if (ratio.target() > 0) {
                    node.put("target", ratio.target());
                }
            }
        }
        return root.toPrettyString();
    }

    private static void put(ObjectNode node, String name, Spread spread) {
        node.putObject(name)
                .put("median", spread.median())
                .put("least", spread.least())
                .put("most", spread.most());
    }
}
