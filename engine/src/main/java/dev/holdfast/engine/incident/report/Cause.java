package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.Alarm;
import dev.holdfast.engine.incident.TimelineEntry;
import dev.holdfast.engine.incident.report.Block.Heading;
import dev.holdfast.engine.incident.report.Block.Items;
import dev.holdfast.engine.incident.report.Block.Paragraph;
import java.util.ArrayList;
import java.util.List;

/** What the evidence says of the cause, and, apart from it, what is inferred. */
final class Cause {
    private final Facts facts;
    private final Moments moments;

    private Cause(Facts facts) {
        this.facts = facts;
        this.moments = new Moments(facts.detectedAt());
    }

    static List<Block> of(Facts facts) {
        Cause cause = new Cause(facts);
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Heading(2, "Cause, as the evidence shows it"));
        blocks.add(new Paragraph("The alarms in the order in which they rang, each with what it rang on:"));
        blocks.add(new Items(
                facts.incident().alarms().stream().map(cause::evidence).toList()));
        blocks.add(new Heading(3, "What is inferred from it"));
        blocks.add(new Items(cause.inferred()));
        return blocks;
    }

    private String evidence(Alarm alarm) {
        return moments.at(alarm.since())
                + (alarm.on()
                        ? ", not over yet"
                        : " to " + moments.at(alarm.until()) + " (" + Say.duration(alarm.until() - alarm.since()) + ")")
                + ": " + Say.sentence(alarm.evidence());
    }

    private List<String> inferred() {
        List<String> inferred = new ArrayList<>();
        List<TimelineEntry> faults = facts.faultsOnPurpose();
        for (TimelineEntry fault : faults) {
            inferred.add("A fault was put on a provider on purpose at " + moments.at(fault.at()) + " by " + fault.who()
                    + " (" + fault.what() + "). It is taken for the cause of what that provider did from then on.");
        }
        List<Alarm> reasons = facts.reasons();
        if (reasons.isEmpty()) {
            inferred.add(
                    "None of these alarms says why: each of them mostly follows from something else, which no alarm"
                            + " has found.");
            return inferred;
        }
        Alarm first = reasons.getFirst();
        if (faults.isEmpty()) {
            inferred.add("The first alarm that does not merely follow from another one is that of "
                    + moments.at(first.since()) + ". It is taken for the beginning of the cause, since nothing that was"
                    + " found before it explains it.");
        }
        int follow = facts.incident().alarms().size() - reasons.size();
        if (follow > 0) {
            inferred.add(Say.sentence(Say.count(follow, "alarm")
                    + (follow == 1 ? " is taken for a consequence" : " are taken for consequences")
                    + " of the others, by their kind and their time: requests that are hurt, keys that differ, and"
                    + " writes that wait"));
        }
        List<String> subjects = reasons.stream().map(Alarm::subject).distinct().toList();
        if (subjects.size() > 1 && faults.isEmpty()) {
            inferred.add(
                    "Alarms on " + Say.list(subjects, 10) + " are one incident, since they began or showed alike at"
                            + " nearly the same moment. What they have in common, such"
                            + " as a network or an operator, is likely; it is not"
                            + " proven.");
        }
        return inferred;
    }
}
