package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.Alarm;
import dev.holdfast.engine.incident.AlarmKind;
import dev.holdfast.engine.incident.Impact;
import dev.holdfast.engine.incident.report.Block.Heading;
import dev.holdfast.engine.incident.report.Block.Items;
import dev.holdfast.engine.incident.report.Block.Paragraph;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the evidence does not explain, and people have to. */
final class Questions {
    private static final long LONG_MILLIS = 5_000;
    private static final int MOST_ENTRIES = 1_900;

    private final Facts facts;
    private final Moments moments;
    private final Set<String> questions = new LinkedHashSet<>();

    private Questions(Facts facts) {
        this.facts = facts;
        this.moments = new Moments(facts.detectedAt());
    }

    static List<Block> of(Facts facts) {
        Questions questions = new Questions(facts);
        questions.causes();
        questions.detection();
        questions.end();
        questions.harm();
        questions.people();
        questions.record();
        return List.of(
                new Heading(2, "Open questions"),
                questions.questions.isEmpty()
                        ? new Paragraph("None that the evidence raises.")
                        : new Items(new ArrayList<>(questions.questions)));
    }

    private void causes() {
        if (facts.faultsOnPurpose().isEmpty()) {
            for (Alarm alarm : facts.reasons()) {
                if (!facts.anyNote()) {
                    why(alarm);
                }
            }
        }
        if (facts.reasons().isEmpty()) {
            questions.add("What is the cause? No alarm has found any; the figures show only what followed from it.");
        }
        if (facts.divergent() > 0) {
            questions.add("Why did " + Say.count(facts.divergent(), "key")
                    + " differ between the providers? What a provider merely misses is given to it without a"
                    + " comparison.");
        }
    }

    private void why(Alarm alarm) {
        boolean provider = alarm.kind() == AlarmKind.PROVIDER
                || alarm.kind() == AlarmKind.CONTRADICTION
                || alarm.kind() == AlarmKind.GREY;
        questions.add(
                provider
                        ? "Why did provider " + alarm.subject() + " fail? The evidence says how, and no operator's note"
                                + " says why. What does its own operator say of " + moments.at(alarm.since()) + "?"
                        : "What was behind the " + alarm.kind().label() + " alarm on " + alarm.subject() + " at "
                                + moments.at(alarm.since()) + "? No operator's note says.");
    }

    private void detection() {
        long took = facts.detectedAt() - facts.firstEvidence();
        if (took > LONG_MILLIS) {
            questions.add("Why did it take " + Say.duration(took) + " from the first evidence until it was detected?");
        }
    }

    private void end() {
        for (Alarm alarm : facts.alarmsOn()) {
            questions.add("When will this be over? " + Say.sentence(alarm.evidence()) + " The alarm of "
                    + moments.at(alarm.since()) + " has not ended.");
        }
        int reopened = facts.incident().reopened();
        if (reopened > 0) {
            questions.add("Why did it come back " + (reopened == 1 ? "after it had been closed" : reopened + " times")
                    + "? Was it over too early, or is its cause still there?");
        }
        if (facts.hintsLeft() > 0) {
            questions.add("What keeps " + Say.count(facts.hintsLeft(), "write") + " from the provider that "
                    + (facts.hintsLeft() == 1 ? "it waits" : "they wait") + " for?");
        }
    }

    private void harm() {
        List<String> refused = facts.incident().impact().stream()
                .filter(impact -> impact.refused() > 0)
                .map(Impact::namespace)
                .map(facts.file()::named)
                .toList();
        if (!refused.isEmpty()) {
            questions.add("What were the requests of " + Say.list(refused, 4)
                    + " that were refused? Reads of what a node knows are answered from it while nobody can be asked,"
                    + " so these were writes, reads that asked to be confirmed, or of keys that were not known there,"
                    + " or the namespace's on_outage does not allow it. Would pinning, dark writes or another"
                    + " on_outage have spared them?");
        }
        if (facts.anyHurt()) {
            questions.add("Which services felt it, and how? No dependents are declared.");
        }
    }

    private void people() {
        if (!facts.anyNote()) {
            questions.add("Who noticed it, when, and what did they do outside of Holdfast? Nobody has put a note on the"
                    + " timeline (holdfast incident note).");
        }
    }

    private void record() {
        for (Facts.Gap gap : facts.gaps()) {
            questions.add("What happened " + moments.during(gap.from(), gap.to())
                    + "? The node recorded nothing for " + Say.duration(gap.to() - gap.from())
                    + ": it was not running, or this incident was closed.");
        }
        if (facts.file().timeline().size() >= MOST_ENTRIES) {
            questions.add(
                    "What is missing? The timeline is as long as one may be, and lines after that were not kept.");
        }
    }
}
