package dev.holdfast.engine.admission;

import dev.holdfast.engine.incident.Acts;
import java.util.ArrayList;
import java.util.List;

/** What a node does by itself when there is too much to do, for the timelines of incidents. */
public final class AdmissionActs implements Acts {
    /** Looks without a refusal until shedding is over: five seconds. */
    private static final int CALM_LOOKS = 20;

    private final AdmittedStore admitted;
    private boolean recovering;
    private long[] before;
    private long[] began;
    private int calm = CALM_LOOKS;

    public AdmissionActs(AdmittedStore admitted) {
        this.admitted = admitted;
        this.before = admitted.admission().shed();
        this.began = before;
    }

    @Override
    public List<String> news() {
        AdmissionStatus now = admitted.admission();
        List<String> news = new ArrayList<>();
        if (now.recovering() != recovering) {
            recovering = now.recovering();
            news.add(
                    recovering
                            ? "Recovery has begun: the store is given at most " + Math.round(now.bound())
                                    + " calls a second."
                            : "Recovery has ended: the store is given all that is asked for.");
        }
        shed(now.shed(), news);
        return news;
    }

    private void shed(long[] now, List<String> news) {
        boolean more = sum(now) > sum(before);
        if (more && calm == CALM_LOOKS) {
            began = before;
            news.add("Calls are refused since there is too much to do.");
        }
        int was = calm;
        calm = more ? 0 : Math.min(CALM_LOOKS, calm + 1);
        if (calm == CALM_LOOKS && was < CALM_LOOKS) {
            StringBuilder tiers = new StringBuilder();
            for (int tier = 0; tier < now.length; tier++) {
                tiers.append(tier == 0 ? "" : ", ")
                        .append(now[tier] - began[tier])
                        .append(" of tier ")
                        .append(tier);
            }
            news.add("Calls are no longer refused for being too many; it were " + tiers + ".");
        }
        before = now;
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
