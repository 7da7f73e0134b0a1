package dev.holdfast.simulation.replay;

import java.util.List;
import java.util.Locale;

/** What a replay says, in plain sentences. */
public final class Verdict {
    /** Where a share would say nothing. */
    public static final String DASH = "–";

    private Verdict() {}

    /** One line for each arm. */
    public static List<String> of(Replays.Outcome outcome) {
        return outcome.arms().stream()
                .map(arm -> sentence(arm) + (outcome.scenario().ends() ? afterwards(arm.after()) : ""))
                .toList();
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
        String stale = during.hardlyAnswered() || during.stale() == 0 ? "" : ", " + stale(during);
        return who + " " + failed + stale + ", and " + lost(arm) + ".";
    }

    /** Nothing, where only the cache does after an outage what it always does. */
    private static String afterwards(ArmResult.Shares after) {
        if (after.failed() == 0 && after.old() == 0) {
            return "";
        }
        String failed = after.failed() == 0 ? "no request failed" : percent(after.failed()) + " of the requests failed";
        return " In the twenty minutes after, " + failed + (after.stale() == 0 ? "" : ", and " + stale(after)) + ".";
    }

    /** How many answers were stale, and whether that is due to the cache in front or to the store behind it. */
    private static String stale(ArmResult.Shares shares) {
        String because;
        if (shares.old() == 0) {
            because = "all because of the cache";
        } else if (shares.overtaken() == 0) {
            because = "all because of the store itself";
        } else {
            because = percent(shares.overtaken()) + " because of the cache, " + percent(shares.old())
                    + " because of the store itself";
        }
        return percent(shares.stale()) + " of the answered reads were stale (" + because + ")";
    }

    private static String lost(ArmResult arm) {
        if (arm.lost() == 0) {
            return "nothing that had been acknowledged was lost";
        }
        return String.format(
                Locale.ROOT,
                "%s%,d of %,d writes acknowledged since the load began were lost",
                arm.lost() == arm.acknowledged() ? "all " : "",
                arm.lost(),
                arm.acknowledged());
    }

    /** Of the reads that were answered; a dash where next to none was. */
    public static String stalePercent(ArmResult.Shares shares) {
        return shares.hardlyAnswered() ? DASH : percent(shares.stale());
    }

    /** Says 0 or 100 only of what is exactly that. */
    public static String percent(double share) {
        if (share == 0 || share == 1) {
            return share == 0 ? "0\u00a0%" : "100\u00a0%";
        }
        String text = String.format(Locale.ROOT, share < 0.001 ? "%.3f" : "%.2f", share * 100);
        return switch (text) {
                    case "0.000" -> "< 0.001";
                    case "100.00" -> "> 99.99";
                    default -> text;
                }
                + "\u00a0%";
    }
}
