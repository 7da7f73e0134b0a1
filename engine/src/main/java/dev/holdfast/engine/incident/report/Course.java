package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.report.Block.Column;
import dev.holdfast.engine.incident.report.Block.Grid;
import dev.holdfast.engine.incident.report.Block.Heading;
import dev.holdfast.engine.incident.report.Block.Items;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** When what happened, and how long it took. */
final class Course {
    private final Facts facts;
    private final List<List<String>> rows = new ArrayList<>();

    private Course(Facts facts) {
        this.facts = facts;
    }

    static List<Block> of(Facts facts) {
        Course course = new Course(facts);
        return List.of(new Heading(2, "Times"), course.moments(), course.durations());
    }

    private Grid moments() {
        moment("First evidence", facts.firstEvidence());
        facts.firstHurt().ifPresent(at -> moment("First request hurt", at));
        moment("Detected", facts.detectedAt());
        facts.worstSince()
                .ifPresent(at -> moment("Worst severity, " + facts.incident().worst(), at));
        facts.lastHurt().ifPresent(at -> moment("Calm: last request hurt", at));
        if (facts.alarmsOn().isEmpty()) {
            facts.lastNotCurrent().ifPresent(at -> moment("All providers current again", at));
        }
        OptionalLong drained = facts.lastHint();
        if (drained.isPresent() && facts.hintsLeft() == 0) {
            moment("Last missed write given to its provider", drained.getAsLong());
        }
        rows.sort((one, other) -> one.get(1).compareTo(other.get(1)));
        if (facts.incident().open()) {
            rows.add(List.of("Closed", "not yet", ""));
        } else {
            moment("Closed", facts.incident().closedAt());
        }
        return new Grid(
                List.of(Column.text("What"), Column.text("UTC"), Column.text("From detection")), List.copyOf(rows));
    }

    private void moment(String what, long at) {
        rows.add(List.of(what, Moments.stamp(at), relative(at - facts.detectedAt())));
    }

    private static String relative(long millis) {
        if (Math.abs(millis) < 500) {
            return "the same moment";
        }
        return Say.duration(Math.abs(millis)) + (millis < 0 ? " before" : " after");
    }

    private Items durations() {
        List<String> all = new ArrayList<>();
        all.add("From the first evidence to detection: " + Say.duration(facts.detectedAt() - facts.firstEvidence())
                + ".");
        OptionalLong first = facts.firstHurt();
        OptionalLong last = facts.lastHurt();
        if (first.isPresent() && last.isPresent()) {
            all.add("From the first request that was hurt to the last: "
                    + Say.duration(last.getAsLong() - first.getAsLong()) + ".");
        } else {
            all.add("No request was hurt.");
        }
        if (facts.notAllCurrentMillis() > 0) {
            all.add("Not every provider was current, so that it was worse to lose another one: "
                    + Say.duration(facts.notAllCurrentMillis()) + ".");
        }
        if (facts.noneCurrentMillis() > 0) {
            all.add("No provider was current, so that nobody could be asked: " + Say.duration(facts.noneCurrentMillis())
                    + ".");
        }
        all.add(
                facts.incident().open()
                        ? "Open for " + Say.duration(facts.file().madeAt() - facts.detectedAt()) + " so far."
                        : "Open for " + Say.duration(facts.incident().closedAt() - facts.detectedAt())
                                + ", with the time in which nothing was wrong any more before it was closed.");
        if (facts.incident().reopened() > 0) {
            all.add("It had been closed and came back "
                    + (facts.incident().reopened() == 1
                            ? "once"
                            : facts.incident().reopened() + " times")
                    + "; the figures between are not recorded.");
        }
        return new Items(List.copyOf(all));
    }
}
