package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.Alarm;
import dev.holdfast.engine.incident.AlarmKind;
import dev.holdfast.engine.incident.report.Block.Heading;
import dev.holdfast.engine.incident.report.Block.Items;
import dev.holdfast.engine.incident.report.Block.Paragraph;
import dev.holdfast.engine.incident.report.JointFile.Calm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the evidence of several nodes says of the cause, and, apart from it, what is inferred from who saw it and who did not. */
final class JointCause {
    private static final int MOST_NAMED = 6;

    private final JointFile file;
    private final Moments moments;

    private JointCause(JointFile file) {
        this.file = file;
        this.moments = new Moments(file.files().getFirst().incident().openedAt());
    }

    static List<Block> of(JointFile file) {
        JointCause cause = new JointCause(file);
        return List.of(
                new Heading(2, "Cause, as the evidence shows it"),
                new Paragraph("The alarms of all nodes in the order in which they rang, each with what it rang on:"),
                new Items(cause.evidence()),
                new Heading(3, "What is inferred from it"),
                new Items(cause.inferred()));
    }

    /** An alarm, and where it rang. */
    private record Rung(String node, Alarm alarm) {}

    private List<String> evidence() {
        return file.files().stream()
                .flatMap(each -> each.incident().alarms().stream().map(alarm -> new Rung(each.node(), alarm)))
                .sorted(Comparator.comparingLong((Rung rung) -> rung.alarm.since())
                        .thenComparing(Rung::node))
                .map(rung -> moments.at(rung.alarm.since())
                        + (rung.alarm.on() ? ", not over yet" : " to " + moments.at(rung.alarm.until()))
                        + ", " + rung.node + ": " + Say.sentence(rung.alarm.evidence()))
                .toList();
    }

    private List<String> inferred() {
        List<String> inferred = new ArrayList<>();
        for (CaseFile each : file.files()) {
            new Facts(each)
                    .faultsOnPurpose()
                    .forEach(fault -> inferred.add("A fault was put on a provider on purpose at "
                            + moments.at(fault.at()) + " by " + fault.who() + " at " + each.node() + " (" + fault.what()
                            + "). It is taken for the cause of what that provider did there from then on."));
        }
        lost().forEach((provider, losers) -> inferred.add(whose(provider, losers)));
        if (inferred.isEmpty()) {
            inferred.add("No alarm of a provider is among them, so that who noticed it and who did not says little of"
                    + " where the cause is.");
        }
        for (JointFile.Unreached each : file.unreached()) {
            inferred.add("What " + each.node() + " saw of it is not known, since it could not be asked; what is said of"
                    + " all nodes here is said without it.");
        }
        return inferred;
    }

    /** Who noticed that a provider is not to be had, or is much slower than it was; by its name. */
    private SortedMap<String, List<String>> lost() {
        SortedMap<String, List<String>> lost = new TreeMap<>();
        for (CaseFile each : file.files()) {
            each.incident().alarms().stream()
                    .filter(alarm -> alarm.kind() == AlarmKind.PROVIDER || alarm.kind() == AlarmKind.GREY)
                    .map(Alarm::subject)
                    .distinct()
                    .forEach(provider -> lost.computeIfAbsent(provider, _ -> new ArrayList<>())
                            .add(each.node()));
        }
        lost.replaceAll((_, nodes) -> nodes.stream().distinct().toList());
        return lost;
    }

    private String whose(String provider, List<String> losers) {
        List<String> others = usersOf(provider);
        others.removeAll(losers);
        String at = losers.size() == 1 ? "one node, " + losers.getFirst() : Say.list(losers, MOST_NAMED);
        if (!others.isEmpty()) {
            return "Provider " + provider + " was lost at " + at + ", and not at " + Say.list(others, MOST_NAMED)
                    + ", which " + (others.size() == 1 ? "uses" : "use") + " it as well. So what lies between is likely"
                    + " the cause, a network or a credential or the " + (losers.size() == 1 ? "node" : "nodes")
                    + " that lost it, and not the provider; it is not proven.";
        }
        if (losers.size() == 1) {
            return "Provider " + provider + " was lost at " + at + ", and no other node that was asked uses it: whether"
                    + " it was the provider or what lies between cannot be told from that.";
        }
        return "Provider " + provider + " was lost at all " + losers.size()
                + " nodes that were asked and use it. So the"
                + " provider itself is likely the cause, or what all of them have in common; it is not proven.";
    }

    private List<String> usersOf(String provider) {
        TreeSet<String> users = new TreeSet<>();
        for (CaseFile each : file.files()) {
            if (new Facts(each).providers().contains(provider)) {
                users.add(each.node());
            }
        }
        for (Calm each : file.calm()) {
            if (each.providers().contains(provider)) {
                users.add(each.node());
            }
        }
        return new ArrayList<>(users);
    }
}
