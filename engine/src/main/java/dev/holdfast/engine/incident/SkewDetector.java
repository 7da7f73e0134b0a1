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
        long alike = 0;
        long agree = 0;
        for (ClockView other : all) {
            if (other.equals(clock)) {
                continue;
            }
            alike += other.bounds().apart() && ahead(other) == ahead(clock) ? 1 : 0;
            agree += other.bounds().together() ? 1 : 0;
        }
        if (alike == 0 && agree == 0) {
            return "which of the two is off is not known, since no third one is known well enough";
        } else if (agree == 0) {
            return "likely this node's is off, since it differs likewise from all others that are known";
        } else if (alike == 0) {
            return "likely that one is off, since this node's agrees with all others that are known";
        }
        return "which of them are off is not known, since of the others " + alike + " differ likewise and " + agree
                + " agree with this node's";
    }

    private static boolean ahead(ClockView clock) {
        return clock.bounds().shown() > 0;
    }
}
