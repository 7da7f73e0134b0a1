package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.Sample;
import dev.holdfast.engine.incident.Sample.Flow;
import dev.holdfast.engine.incident.Sample.ProviderPoint;
import dev.holdfast.engine.incident.report.Block.Drawing;
import dev.holdfast.engine.incident.report.Block.Heading;
import dev.holdfast.engine.incident.report.Block.Paragraph;
import dev.holdfast.engine.incident.report.Block.Remark;
import dev.holdfast.engine.incident.report.Figure.Bands;
import dev.holdfast.engine.incident.report.Figure.Chart;
import dev.holdfast.engine.incident.report.Figure.Line;
import dev.holdfast.engine.incident.report.Figure.Mark;
import dev.holdfast.engine.incident.report.Figure.Row;
import dev.holdfast.engine.incident.report.Figure.Span;
import dev.holdfast.engine.incident.report.Figure.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The figures over time, from a minute before the incident until all was well again, as drawings. */
final class Plots {
    private static final long AFTER_MILLIS = 60_000;

    private final Facts facts;
    private final Span span;
    private final List<Block> blocks = new ArrayList<>();

    private Plots(Facts facts, Span span) {
        this.facts = facts;
        this.span = span;
    }

    static List<Block> of(Facts facts) {
        List<Sample> series = facts.file().series();
        if (series.isEmpty()) {
            return List.of(new Heading(2, "Figures"), new Paragraph("No figures are recorded of this incident."));
        }
        long from = Facts.begin(series.getFirst());
        long to = Math.max(end(facts, series.getLast().at()), from + 1_000);
        List<Mark> marks = new ArrayList<>(List.of(new Mark(facts.detectedAt(), "detected")));
        facts.worstSince()
                .ifPresent(at -> marks.add(new Mark(at, facts.incident().worst().name())));
        if (!facts.incident().open()) {
            marks.add(new Mark(facts.incident().closedAt(), "closed"));
        }
        marks.removeIf(mark -> mark.at() > to + 1_000);
        Plots plots = new Plots(facts, new Span(from, to, List.copyOf(marks)));
        plots.draw();
        return List.copyOf(plots.blocks);
    }

    /** A while after all was well; what comes then, until it is closed, would only make small what is to be seen. */
    private static long end(Facts facts, long last) {
        if (facts.incident().open()) {
            return last;
        }
        long well = facts.detectedAt();
        for (OptionalLong each : List.of(facts.lastHurt(), facts.lastNotCurrent(), facts.lastHint())) {
            well = Math.max(well, each.orElse(well));
        }
        return Math.min(last, well + Math.max(AFTER_MILLIS, (well - facts.detectedAt()) / 2));
    }

    private void draw() {
        blocks.add(new Heading(2, "Figures"));
        blocks.add(new Remark("From " + Moments.stamp(span.from()) + " to " + Moments.stamp(span.to())
                + " UTC, as this node saw it. Where the time is long, each point is the most of its"
                + " part of the time."));
        providers();
        facts.tiers().forEach(this::requests);
        latencies();
        writes();
        divergence();
    }

    private void providers() {
        List<Row> rows = new ArrayList<>();
        for (String provider : facts.providers()) {
            String[] states = new String[span.parts()];
            Arrays.fill(states, "");
            for (Sample sample : drawn()) {
                for (ProviderPoint point : sample.providers()) {
                    for (int part = first(sample); point.name().equals(provider) && part <= last(sample); part++) {
                        // What is worse must not be hidden by what is better in the same part of the time.
                        states[part] =
                                states[part].isEmpty() || Facts.current(states[part]) ? point.state() : states[part];
                    }
                }
            }
            rows.add(new Row(provider, List.of(states)));
        }
        if (!rows.isEmpty()) {
            blocks.add(new Drawing(new Bands("State of each provider", span, List.copyOf(rows))));
        }
    }

    private void requests(int tier) {
        Line requests = rate("requests", "all", tier, Flow::requests);
        if (requests.most() == 0) {
            return;
        }
        List<Line> lines = new ArrayList<>(List.of(requests));
        for (Line line : List.of(
                rate("refused", "refused", tier, Flow::refused),
                rate("stale", "stale", tier, Flow::stale),
                rate("slow", "slow", tier, Flow::slow))) {
            if (line.most() > 0) {
                lines.add(line);
            }
        }
        String hurt = lines.size() == 1 ? "; none was refused, stale or slow" : "";
        blocks.add(new Drawing(
                new Chart("Requests of tier " + tier + " in a second" + hurt, Unit.PER_SECOND, span, lines)));
    }

    private Line rate(String name, String style, int tier, ToLongFunction<Flow> count) {
        return line(
                name,
                style,
                sample -> sample.tiers().stream()
                                .filter(flow -> flow.tier() == tier)
                                .mapToLong(count)
                                .sum()
                        / (double) sample.seconds());
    }

    private void latencies() {
        List<Line> lines = new ArrayList<>();
        for (int tier : facts.tiers()) {
            Line line = line(
                    "tier " + tier,
                    "tier" + tier,
                    sample -> sample.tiers().stream()
                            .filter(flow -> flow.tier() == tier && flow.p99Micros() > 0)
                            .mapToDouble(Flow::p99Micros)
                            .max()
                            .orElse(Double.NaN));
            if (line.most() > 0) {
                lines.add(line);
            }
        }
        if (!lines.isEmpty()) {
            blocks.add(new Drawing(new Chart(
                    "Within which 99 % were answered, of those that asked the store", Unit.MICROS, span, lines)));
        }
    }

    private void writes() {
        Line hints = line("writes", "all", Sample::hints);
        if (hints.most() == 0) {
            blocks.add(new Paragraph("No write had to wait for a provider."));
            return;
        }
        Line oldest = line("oldest", "all", sample -> sample.oldestHintMillis() / 1e3);
        blocks.add(new Drawing(
                new Chart("Writes that wait for a provider that has missed them", Unit.COUNT, span, List.of(hints))));
        blocks.add(new Drawing(
                new Chart("For how long the oldest of them has waited", Unit.SECONDS, span, List.of(oldest))));
    }

    private void divergence() {
        Line differ = line("keys", "all", sample -> sample.divergent() / (double) sample.seconds());
        if (differ.most() == 0) {
            blocks.add(new Paragraph("No comparison found a key to differ between providers."));
            return;
        }
        blocks.add(new Drawing(new Chart(
                "Keys that comparisons found to differ between providers, in a second",
                Unit.PER_SECOND,
                span,
                List.of(differ))));
    }

    private Line line(String name, String style, ToDoubleFunction<Sample> value) {
        double[] values = new double[span.parts()];
        Arrays.fill(values, Double.NaN);
        for (Sample sample : drawn()) {
            double found = value.applyAsDouble(sample);
            for (int part = first(sample); part <= last(sample); part++) {
                values[part] = Double.isNaN(values[part])
                        ? found
                        : Double.isNaN(found) ? values[part] : Math.max(values[part], found);
            }
        }
        return new Line(name, style, values);
    }

    private List<Sample> drawn() {
        return facts.file().series().stream()
                .filter(sample -> Facts.begin(sample) < span.to())
                .toList();
    }

    private int first(Sample sample) {
        return span.part(Facts.begin(sample));
    }

    /** What ends where the next one begins is not in that part of the time, too. */
    private int last(Sample sample) {
        return Math.max(first(sample), span.part(sample.at() - 1));
    }
}
