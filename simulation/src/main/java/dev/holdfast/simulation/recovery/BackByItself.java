package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.coldstart.Felt;
import java.util.List;
import java.util.OptionalInt;

/** Once the trigger is gone requests are answered again, with nobody's help, within a time, and stay so (promise P6). */
final class BackByItself implements Check {
    private static final int LAST_SECONDS = 300;

    private final Felt felt;
    private final List<String> lines;
    private final int from;
    private final int to;
    private final int within;

    /**
     * @param lines names of the felt shares, all of which must be back
     * @param from when the trigger is gone, in seconds since the beginning
     * @param to the end
     * @param within seconds
     */
    BackByItself(Felt felt, List<String> lines, int from, int to, int within) {
        this.felt = felt;
        this.lines = lines;
        this.from = from;
        this.to = to;
        this.within = within;
    }

    @Override
    public Finding judge() {
        int last = 0;
        String slowest = "";
        double atLast = 1;
        String lowest = "";
        for (int line = 0; line < lines.size(); line++) {
            OptionalInt back = Back.after(felt, line, from, to);
            int at = back.orElse(Integer.MAX_VALUE);
            slowest = at > last ? lines.get(line) : slowest;
            last = Math.max(last, at);
            double share = felt.share(line, to - LAST_SECONDS, to);
            lowest = share < atLast ? lines.get(line) : lowest;
            atLast = Math.min(atLast, share);
        }
        String end = Words.percent(atLast) + (lowest.isEmpty() ? "" : " (" + lowest + ")");
        String words = last == Integer.MAX_VALUE
                ? "It did not come back: " + (to - from) / 60 + " min after the trigger was gone it was at " + end + "."
                : "All was back " + last + " s after the trigger was gone"
                        + (slowest.isEmpty() ? "" : " (last: " + slowest + ")") + ", and at " + end
                        + " in the last five minutes.";
        return new Finding(
                "back by itself within " + within / 60 + " min", last <= within && atLast >= Back.WELL, words);
    }
}
