package dev.holdfast.simulation.replay;

import java.util.Locale;

/** What a replay says, in plain sentences. */
public final class Verdict {
    private Verdict() {}

    public static String of(Replays.Outcome outcome) {
        StringBuilder words = new StringBuilder();
        for (ArmResult arm : outcome.arms()) {
            words.append(words.isEmpty() ? "" : " ").append(sentence(arm));
        }
        return words.toString();
    }

    private static String sentence(ArmResult arm) {
        String who = switch (arm.arm()) {
            case "single" -> "With one provider and a cache";
            case "first-ack" -> "With two providers, acknowledged on the first,";
            default -> "With Holdfast";
        };
        ArmResult.Shares during = arm.during();
        String failed =
                during.failed() == 0 ? "no request failed" : percent(during.failed()) + " of the requests failed";
        String stale = during.stale() == 0 ? "" : ", " + percent(during.stale()) + " of the reads were stale";
        String lost = arm.lost() == 0
                ? "nothing that had been acknowledged was lost"
                : arm.lost() + (arm.lost() == 1 ? " acknowledged write was" : " acknowledged writes were") + " lost";
        return who + " " + failed + stale + ", and " + lost + ".";
    }

    /** With as many digits as it takes not to say 0 or 100 of what is neither. */
    public static String percent(double share) {
        for (int digits = 1; digits < 6; digits++) {
            String text = String.format(Locale.ROOT, "%." + digits + "f", share * 100);
            double shown = Double.parseDouble(text);
            if ((shown > 0 || share == 0) && (shown < 100 || share == 1)) {
                return text + " %";
            }
        }
        return share * 100 + " %";
    }
}
