package dev.holdfast.simulation.coldstart;

import dev.holdfast.engine.admission.AdmissionConfig;
import java.util.List;
import java.util.Locale;

/**
 * The plan of a cold start: a node whose cache answers nearly all reads dies with that cache and starts again, under the same load, before
 * providers that bear some times what they are asked for when all is well. Smaller than life by a factor of ten or so, in requests, keys
 * and what a provider bears alike; no smaller, or what the node asks of its providers for its own sake, some four calls a second of each,
 * would be most of what they bear.
 *
 * @param readsPerSecond that users want, of all tiers together, at random times (Poisson)
 * @param tiers of each tier's namespace
 * @param callsPerSecond that each provider serves; more wait in a queue without end, also when nobody waits for the answer
 * @param ttlSeconds for which a near answer is good; it is asked for again once in ten times that, since the node hears of every change
 * @param warmSeconds before the trigger
 * @param coldSeconds after it
 */
public record ColdStart(
        double readsPerSecond,
        List<Tier> tiers,
        double callsPerSecond,
        int ttlSeconds,
        int warmSeconds,
        int coldSeconds) {
    /** In times to live; see {@code NearStore}. */
    private static final int TTLS_HEARD = 10;

    /** Keys of a tier's namespace, read by Zipf's law, and its share of the reads. */
    public record Tier(int keys, double share) {}

    /** As it is played by default. */
    public static final ColdStart DEFAULT = new ColdStart(
            4_000,
            List.of(new Tier(1_200, 0.1), new Tier(2_400, 0.2), new Tier(4_800, 0.4), new Tier(3_600, 0.3)),
            120,
            120,
            600,
            1_800);

    /** In which each key is asked for again. */
    public int cycleSeconds() {
        return TTLS_HEARD * ttlSeconds;
    }

    /** What had to be chosen, in sentences. */
    public List<String> assumptions() {
        int keys = tiers.stream().mapToInt(Tier::keys).sum();
        return List.of(
                String.format(
                        Locale.ROOT,
                        "%.0f reads a second at random times, of %d keys in four namespaces, one of each tier, by"
                                + " Zipf's law; all keys have values, which do not change.",
                        readsPerSecond,
                        keys),
                String.format(
                        Locale.ROOT,
                        "The engine that ships, with its defaults: one node, two providers, near answers good for %d"
                                + " seconds, and asked for again in ten times that while the node hears of every"
                                + " change. Its bounds are made smaller as the world is: 4 calls for"
                                + " admission.min-calls, 1 a second for recovery.min-load.",
                        ttlSeconds),
                String.format(
                        Locale.ROOT,
                        "Each provider serves %.0f calls a second, one after the other; more wait in a queue without"
                                + " end, and are served also when nobody waits any more.",
                        callsPerSecond),
                "A user's request is given up after two seconds and sent again, three times at most, after 0.2 to 0.4"
                        + " s, then twice as long each time. The server goes on with what was given up. It has at most"
                        + " 4,096 requests under way.",
                "The trigger: the node is killed with what is near, in memory and on disk, and is back after five"
                        + " seconds.");
    }

    /** Plays it on one arm, on the calling thread. */
    public ColdStartResult play(Arm arm) {
        return ColdStartResult.of(this, arm, new ColdStartWorld(this, arm).play());
    }

    /** How what comes to the providers is bounded. */
    public enum Arm {
        /** Another store, as one is usually built: see {@link UsualStore}. */
        USUAL("a store as it is usually built"),
        /** Not at all. */
        UNBOUNDED("Holdfast without any bound"),
        /** By what the providers are seen to bear. */
        LIMITED("Holdfast with a limit that is found from latency"),
        /** And by a multiple of what they have borne before. */
        GOVERNED("Holdfast as it ships, with limit and governor");

        private static final int ANY = 1_000_000;

        private final String what;

        Arm(String what) {
            this.what = what;
        }

        /** As a figure's caption. */
        public String what() {
            return what;
        }

        /** The defaults, made smaller as the world is. */
        AdmissionConfig config() {
            AdmissionConfig usual = AdmissionConfig.DEFAULT;
            return switch (this) {
                case USUAL, UNBOUNDED -> new AdmissionConfig(ANY, ANY, ANY, usual.patience(), 0, 1);
                case LIMITED -> new AdmissionConfig(4, usual.mostCalls(), usual.waiting(), usual.patience(), 0, 1);
                case GOVERNED ->
                    new AdmissionConfig(4, usual.mostCalls(), usual.waiting(), usual.patience(), usual.maxLoad(), 1);
            };
        }
    }
}
