package dev.holdfast.engine.incident;

import java.util.List;

/**
 * The figures of some seconds, for a picture of an incident.
 *
 * @param at when they ended, in milliseconds since the Unix epoch
 * @param seconds how many they are
 * @param tiers those with requests
 * @param namespaces those hurt, and those with the most requests
 * @param hints writes waiting for providers
 * @param oldestHintMillis for how long the oldest has
 * @param divergent keys that comparisons found to differ between providers in these seconds
 */
public record Sample(
        long at,
        int seconds,
        List<Flow> tiers,
        List<Flow> namespaces,
        List<ProviderPoint> providers,
        long hints,
        long oldestHintMillis,
        long divergent) {

    /**
     * What became of requests.
     *
     * @param namespace its id; empty for all of a tier
     * @param p99Micros within which 99 % were answered by the store; a bound of a bucket, so up to twice as much as it was
     */
    public record Flow(
            String namespace, int tier, long requests, long refused, long stale, long slow, long p99Micros) {}

    /**
     * How a provider was at the end.
     *
     * @param state as in {@code ProviderState}
     * @param faults calls that failed or were late in these seconds
     * @param readMicros how long a read took on average in these seconds; 0 for none
     */
    public record ProviderPoint(String name, String state, long hints, long faults, long readMicros) {}
}
