package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.Impact;
import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.incident.TimelineEntry;
import dev.holdfast.engine.incident.report.Block.Heading;
import dev.holdfast.engine.incident.report.Block.Paragraph;
import java.util.ArrayList;
import java.util.List;

/** What, who was hurt, for how long, what the system did, and whether it is over: for who reads no further. */
final class Summary {
    private static final int MOST_NAMED = 4;

    private final Facts facts;
    private final Moments moments;

    private Summary(Facts facts) {
        this.facts = facts;
        this.moments = new Moments(facts.detectedAt());
    }

    static List<Block> of(Facts facts) {
        Summary summary = new Summary(facts);
        List<Block> blocks = new ArrayList<>(List.of(new Heading(2, "Summary")));
        for (String text : List.of(summary.what(), summary.who(), summary.done(), summary.end())) {
            if (!text.isEmpty()) {
                blocks.add(new Paragraph(text));
            }
        }
        return blocks;
    }

    private String what() {
        int more = facts.incident().alarms().size() - 1;
        String found = "On " + Moments.day(facts.detectedAt()) + " at " + Moments.clock(facts.detectedAt())
                + " UTC the node " + facts.file().node() + " noticed that something was wrong. "
                + Say.sentence(facts.incident().title());
        String others = more <= 0 ? "" : " " + Say.sentence(Say.count(more, "more alarm") + " followed");
        List<TimelineEntry> faults = facts.faultsOnPurpose();
        return found
                + others
                + (faults.isEmpty()
                        ? ""
                        : " It was made to happen, as in a drill: an operator, "
                                + faults.getFirst().who() + ", put "
                                + (faults.size() == 1 ? "a fault on a provider" : "faults on providers")
                                + " on purpose "
                                + moments.during(
                                        faults.getFirst().at(), faults.getLast().at())
                                + ".");
    }

    private String who() {
        Severity worst = facts.incident().worst();
        Facts.Totals totals = facts.totals(-1);
        String severity = " At its worst it was " + worst + ": " + meaning(worst) + ".";
        List<Impact> impact = facts.incident().impact();
        if (!facts.anyHurt()) {
            String all = totals.requests() == 0
                    ? "Nobody was hurt: no request came while it lasted."
                    : totals.requests() == 1
                            ? "Nobody was hurt: the one request that came was answered as always."
                            : "Nobody was hurt: all " + Say.number(totals.requests())
                                    + " requests that came were answered as always.";
            return all + severity;
        }
        long first = facts.firstHurt().orElse(facts.detectedAt());
        long last = facts.lastHurt().orElse(facts.file().end());
        List<String> named = impact.stream()
                .map(each -> facts.file().named(each.namespace()) + " (tier " + each.tier() + ")")
                .toList();
        return "Requests were hurt " + moments.during(first, last) + ", within "
                + Say.duration(last - first) + ". " + became(totals)
                + (named.isEmpty()
                        ? ""
                        : " Hurt " + (named.size() == 1 ? "was the namespace " : "were the namespaces ")
                                + Say.list(named, MOST_NAMED) + ".")
                + severity;
    }

    /** Of so many requests, so many were refused. */
    static String became(Facts.Totals totals) {
        String of = "Of " + Say.count(totals.requests(), "request") + " from the first evidence until then, ";
        String refused = totals.refused() == 0
                ? "none was refused"
                : Say.number(totals.refused()) + " " + Say.was(totals.refused()) + " refused ("
                        + Say.share(totals.refused(), totals.requests()) + ")";
        String stale = totals.stale() == 0
                ? ""
                : ", " + Say.number(totals.stale()) + " answered with what may be old ("
                        + Say.share(totals.stale(), totals.requests()) + ")";
        String slow = totals.slow() == 0
                ? ""
                : ", " + Say.number(totals.slow()) + " answered late (" + Say.share(totals.slow(), totals.requests())
                        + ")";
        return of + refused + stale + slow + ".";
    }

    static String meaning(Severity severity) {
        return switch (severity) {
            case P0 -> "many requests of what others need to start were refused, or half of all";
            case P1 -> "some requests of the first tiers were refused, or many of others";
            case P2 ->
                "some requests were refused, or some of the first tiers were late or answered with what may be old";
            case P3 -> "a few requests were refused, late, or answered with what may be old";
            case P4 -> "nobody was hurt, but something was gone that is needed when the next thing fails";
        };
    }

    private String done() {
        StringBuilder done = new StringBuilder();
        List<String> away = facts.providers().stream()
                .filter(provider -> facts.awayMillis(provider) > 0)
                .map(provider -> provider + " for " + Say.duration(facts.awayMillis(provider)))
                .toList();
        if (!away.isEmpty()) {
            done.append("Holdfast did without ")
                    .append(away.size() == 1 ? "provider " : "the providers ")
                    .append(Say.list(away, MOST_NAMED))
                    .append(", until ")
                    .append(away.size() == 1 ? "it was" : "each was")
                    .append(" trusted again. ");
        }
        if (facts.mostHints() > 0) {
            done.append("Writes that a provider missed waited for it on the node's own disk, at most ")
                    .append(Say.number(facts.mostHints()))
                    .append(" at a time; ")
                    .append(
                            facts.hintsLeft() == 0
                                    ? "in the end none waited any more. "
                                    : Say.number(facts.hintsLeft()) + " still "
                                            + (facts.hintsLeft() == 1 ? "waits. " : "wait. "));
        }
        if (facts.totals(-1).stale() > 0) {
            done.append("Where nobody could be asked, it answered with the last known good where it knew one. ");
        }
        return done.toString().strip();
    }

    private String end() {
        if (!facts.incident().open()) {
            return "It is over: nothing was wrong any more when it was closed at "
                    + moments.at(facts.incident().closedAt()) + " UTC, "
                    + Say.duration(facts.incident().closedAt() - facts.detectedAt()) + " after it was noticed.";
        }
        int on = facts.alarmsOn().size();
        return "It is not over: the incident is open, "
                + (on == 0
                        ? "though no alarm is on any more"
                        : "and " + Say.count(on, "alarm") + " " + (on == 1 ? "is" : "are") + " on")
                + ". This report says what was known at "
                + moments.at(facts.file().madeAt()) + " UTC.";
    }
}
