package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.simulation.coldstart.ColdStart.Tier;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The plan of a herd: everything in a region that keeps answers near dies, is down for a while, and starts again all at once with nothing
 * near, before providers that bear some times what they are asked for when all is well.
 *
 * @param places with a cache each
 * @param readsPerSecond that users want, at all places together, at random times (Poisson)
 * @param writesPerSecond the same
 * @param tiers of each tier's namespace
 * @param callsPerSecond that each provider serves; more wait in a queue without end, also when nobody waits for the answer
 * @param ttlSeconds of near answers
 * @param warmSeconds before the trigger
 * @param downSeconds until all start again
 * @param afterSeconds that
 */
record Herd(
        int places,
        double readsPerSecond,
        double writesPerSecond,
        List<Tier> tiers,
        double callsPerSecond,
        int ttlSeconds,
        int warmSeconds,
        int downSeconds,
        int afterSeconds) {
    /** Within which all must be back. */
    static final int WITHIN_SECONDS = 3_600;

    static final Herd DEFAULT = new Herd(
            8,
            100,
            0.2,
            List.of(new Tier(125, 0.1), new Tier(250, 0.2), new Tier(500, 0.4), new Tier(375, 0.3)),
            15,
            600,
            1_200,
            40 * 60,
            160 * 60);

    static final String SINGLE = "single";
    static final String FIRST_ACK = "first-ack";
    static final String UNBOUNDED = "holdfast-unbounded";
    static final String HOLDFAST = "holdfast";

    private static final int ANY = 1_000_000;

    int begin() {
        return warmSeconds;
    }

    int gone() {
        return warmSeconds + downSeconds;
    }

    int seconds() {
        return gone() + afterSeconds;
    }

    /** In which each key is asked for again: ten times to live, since every change is heard of. */
    int cycleSeconds() {
        return 10 * ttlSeconds;
    }

    static String what(String arm) {
        return switch (arm) {
            case SINGLE -> "one provider, and tasks with a cache each";
            case FIRST_ACK -> "two providers, acknowledged on the first, and tasks with a cache each";
            case UNBOUNDED -> "Holdfast with edges, without limit and governor";
            default -> "Holdfast with edges, as it ships: with limit and governor";
        };
    }

    /** The defaults, made smaller as the world is. */
    static AdmissionConfig admission(String arm) {
        AdmissionConfig usual = AdmissionConfig.DEFAULT;
        return arm.equals(UNBOUNDED)
                ? new AdmissionConfig(ANY, ANY, ANY, usual.patience(), 0, 1)
                : new AdmissionConfig(4, usual.mostCalls(), usual.waiting(), usual.patience(), usual.maxLoad(), 1);
    }

    Recovery recovery() {
        return new Recovery(
                "gcp-2025-06-12-herd",
                "Google Cloud, 12 June 2025: the herd",
                List.of(
                        "A policy with blank fields was replicated to the regional tables of Service Control within"
                                + " seconds, and the tasks that read it crashed, everywhere. The mend was rolled out"
                                + " within 40 minutes.",
                        "In the largest region the tasks that started again, without randomized backoff, overloaded the"
                                + " table that they all read. It took up to 2 h 40 until that was resolved, with people"
                                + " who throttled the starts and led requests elsewhere."),
                List.of("While everything that answers is down nobody is answered, with any store: the forty minutes"
                        + " are the same on all arms."),
                assumptions(),
                List.of(SINGLE, FIRST_ACK, UNBOUNDED, HOLDFAST),
                List.of(
                        new Recovery.Mark(begin(), "all tasks and edges die"),
                        new Recovery.Mark(gone(), "all start at once, with nothing near")),
                begin(),
                gone(),
                seconds(),
                arm -> new HerdWorld(this, arm).play());
    }

    private List<String> assumptions() {
        int keys = tiers.stream().mapToInt(Tier::keys).sum();
        return List.of(
                "Published: that all tasks restarted at about the same time without backoff, before one regional table,"
                        + " after 40 minutes; that the largest region took up to 2 h 40 more, which is how long is"
                        + " played here after the restart. All else is chosen.",
                String.format(
                        Locale.ROOT,
                        "%d places, %.0f reads a second at random times, of %d keys in four namespaces, one of each"
                                + " tier, by Zipf's law, and a write every %.0f s. All keys have values of %d bytes.",
                        places,
                        readsPerSecond,
                        keys,
                        1 / writesPerSecond,
                        Users.VALUE_BYTES),
                String.format(
                        Locale.ROOT,
                        "Each provider serves %.0f calls a second, one after the other; more wait in a queue without"
                                + " end, and are served also when nobody waits any more.",
                        callsPerSecond),
                String.format(
                        Locale.ROOT,
                        "Usual stores: at each place a task with a cache of %d minutes, straight over the providers; it"
                                + " reads a key at the start for whoever wants it, and as often as it is wanted.",
                        cycleSeconds() / 60),
                String.format(
                        Locale.ROOT,
                        "Holdfast: at each place an edge before one origin, which dies and starts with them, near"
                                + " answers good for %d minutes, asked for again once in ten while every change is"
                                + " heard of. So each key is asked for as often as on the other arms. The origin's"
                                + " bounds are made smaller as the world is: 4 calls for admission.min-calls, 1 a"
                                + " second for recovery.min-load.",
                        ttlSeconds / 60),
                "A user's request is given up after two seconds and sent again, three times at most, after 0.2 to 0.4"
                        + " s, then twice as long each time. The server goes on with what was given up, and has at most"
                        + " 4,096 requests under way.");
    }

    List<String> lines() {
        return IntStream.range(0, tiers.size()).mapToObj(tier -> "tier " + tier).toList();
    }
}
