package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.report.Block.Heading;
import dev.holdfast.engine.incident.report.Block.Items;
import java.util.ArrayList;
import java.util.List;

/** What went well and what was lacking, as far as facts show it. */
final class Lessons {
    private static final long SOON_MILLIS = 5_000;
    private static final int MANY_TIMES = 10;

    private final Facts facts;
    private final List<String> well = new ArrayList<>();
    private final List<String> lacking = new ArrayList<>();

    private Lessons(Facts facts) {
        this.facts = facts;
    }

    static List<Block> of(Facts facts) {
        Lessons lessons = new Lessons(facts);
        lessons.detection();
        lessons.requests();
        lessons.providers();
        lessons.writes();
        lessons.latency();
        return List.of(
                new Heading(2, "What went well"),
                new Items(lessons.well.isEmpty() ? List.of("Nothing that the figures show.") : lessons.well),
                new Heading(2, "What was lacking"),
                new Items(lessons.lacking.isEmpty() ? List.of("Nothing that the figures show.") : lessons.lacking));
    }

    private void detection() {
        long took = facts.detectedAt() - facts.firstEvidence();
        (took <= SOON_MILLIS ? well : lacking)
                .add("It was detected " + Say.duration(took) + " after its first evidence.");
    }

    private void requests() {
        Facts.Totals all = facts.totals(-1);
        if (all.requests() == 0) {
            return;
        }
        if (all.refused() == 0) {
            well.add("No request was refused.");
        } else {
            lacking.add(Say.sentence(Say.count(all.refused(), "request") + " " + Say.was(all.refused()) + " refused, "
                    + Say.share(all.refused(), all.requests()) + " of those that came until calm"));
        }
        if (all.stale() > 0) {
            String stale = Say.sentence(Say.count(all.stale(), "request") + " " + Say.was(all.stale())
                    + " answered with the last known good, or with what nobody could vouch for, instead of an error");
            well.add(stale);
        }
        if (all.slow() > 0) {
            lacking.add(Say.sentence(
                    Say.count(all.slow(), "request") + " " + Say.was(all.slow()) + " answered later than promised"));
        }
        List<Integer> spared = facts.tiers().stream()
                .filter(tier ->
                        facts.totals(tier).requests() > 0 && facts.totals(tier).refused() == 0)
                .toList();
        if (all.refused() > 0 && !spared.isEmpty()) {
            well.add("No request of " + (spared.size() == 1 ? "tier " : "the tiers ")
                    + Say.list(spared.stream().map(String::valueOf).toList(), 4) + " was refused.");
        }
    }

    private void providers() {
        if (facts.notAllCurrentMillis() > 0) {
            lacking.add("For " + Say.duration(facts.notAllCurrentMillis())
                    + " not every provider was current: what is left then has to carry all, and the loss of another one"
                    + " would have been worse.");
        }
        if (facts.noneCurrentMillis() > 0) {
            lacking.add("For " + Say.duration(facts.noneCurrentMillis())
                    + " no provider was current: only what was known near could be answered.");
        }
        if (facts.alarmsOn().isEmpty() && facts.notAllCurrentMillis() > 0) {
            well.add("Every provider is trusted again, and nobody had to tell Holdfast so.");
        }
    }

    private void writes() {
        if (facts.mostHints() == 0) {
            return;
        }
        if (facts.hintsLeft() == 0) {
            well.add("All writes that providers had missed were given to them; the oldest had waited for "
                    + Say.duration(facts.oldestHintMillis()) + ".");
        } else {
            lacking.add(Say.sentence(Say.count(facts.hintsLeft(), "write")
                    + (facts.hintsLeft() == 1 ? " still waits" : " still wait") + " for a provider"));
        }
        if (facts.divergent() > 0) {
            lacking.add(
                    "Comparisons found " + Say.count(facts.divergent(), "key") + " to differ between the providers.");
        }
    }

    private void latency() {
        long usual = facts.usualP99();
        long worst = facts.worstP99();
        if (usual > 0 && worst >= MANY_TIMES * usual) {
            lacking.add("99 % of the requests that the store answered took at most " + Say.micros(usual)
                    + " before, and up to " + Say.micros(worst) + " in the worst second.");
        } else if (usual > 0 && worst > 0) {
            well.add("Answers stayed quick: 99 % of those of the store took at most " + Say.micros(worst)
                    + " in the worst second, after " + Say.micros(usual) + " before.");
        }
    }
}
