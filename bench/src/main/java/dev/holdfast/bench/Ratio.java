package dev.holdfast.bench;

import dev.holdfast.bench.Results.Spread;
import java.util.List;

/**
 * A comparison that the table draws, within each round.
 *
 * @param id what is compared
 * @param others with the slowest of these
 * @param target what the median should reach; 0 for none
 */
record Ratio(String name, String id, List<String> others, double target) {
    static final List<Ratio> ALL = List.of(
            new Ratio("GET: Holdfast / bare engine, virtual threads", "holdfast-get", List.of("bare-get"), 0.5),
            new Ratio("GET: Holdfast / bare engine, I/O threads", "holdfast-get", List.of("inline-get"), 0),
            new Ratio("GET: Holdfast / nginx", "holdfast-get", List.of("nginx-get"), 0),
            new Ratio("GET: bare engine, virtual threads / nginx", "bare-get", List.of("nginx-get"), 0),
            new Ratio(
                    "PUT: Holdfast / lower of raw storage (RocksDB groups) and bare engine",
                    "holdfast-put",
                    List.of("threads-put", "bare-put"),
                    0.6),
            new Ratio(
                    "PUT: Holdfast / lower of raw storage (committers) and bare engine",
                    "holdfast-put",
                    List.of("committers-put", "bare-put"),
                    0.6),
            new Ratio("PUT: Holdfast / nginx", "holdfast-put", List.of("nginx-put"), 0),
            new Ratio("GET: one provider dead / healthy", "dead-get", List.of("holdfast-get"), 0.95),
            new Ratio("PUT: one provider dead / healthy", "dead-put", List.of("holdfast-put"), 0.95));

    boolean in(Results results) {
        return results.has(id) && results.has(others.toArray(String[]::new));
    }

    Spread of(Results results) {
        return results.ratio(id, others.toArray(String[]::new));
    }
}
