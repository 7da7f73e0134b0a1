package dev.holdfast.engine.incident;

import dev.holdfast.engine.replication.StoreStatus.ClockView;
import dev.holdfast.engine.time.ClockBounds;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Another clock and this node's are further apart than any that are kept: one alarm for each that is. */
final class SkewDetector implements Detector {
    @Override
    public void look(Observation now, Consumer<Finding> found) {
        List<ClockView> clocks = now.store().clocks();
        for (ClockView clock : clocks) {
            if (clock.bounds().apart()) {
                found.accept(new Finding(
                        AlarmKind.CLOCK,
                        clock.of(),
                        Finding.SKEW,
                        "The clock of " + clock.of() + " is " + apart(clock.bounds()) + " this node's: "
                                + whose(clock, clocks) + "."));
            }
        }
    }

    private static String apart(ClockBounds bounds) {
        boolean ahead = bounds.shown() > 0;
        long most = ahead ? bounds.most() : -bounds.least();
        return "at least " + seconds(Math.abs(bounds.shown()))
                + (most == Long.MAX_VALUE ? "" : " and at most " + seconds(most))
                + (ahead ? " ahead of" : " behind");
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }

    /** Which of the two is off, as far as others show it. */
    private static String whose(ClockView clock, List<ClockView> all) {
        List<ClockView> others =
                all.stream().filter(other -> !other.equals(clock)).toList();
        if (others.isEmpty()) {
            return "which of the two is off is not known, since no third one has been heard of";
        }
        long alike = others.stream().filter(other -> alike(other, clock)).count();
        if (alike == others.size()) {
            return "likely this node's is off, since those of all others it hears of are, too";
        }
        return alike == 0
                ? "likely that one is off, since no other is"
                : "which of them are off is not known, since " + alike + " of " + others.size()
                        + " others differ likewise";
    }

    private static boolean alike(ClockView one, ClockView other) {
        return one.bounds().apart()
                && one.bounds().shown() > 0 == other.bounds().shown() > 0;
    }
}
