package dev.holdfast.cli.drill;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.Percent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compares what the providers hold of one namespace, straight from each and past the store. For as many keys as fit into memory. */
public final class Scans {
    private static final int PAGE = 1_000;

    private final Api control;
    private final List<String> providers;
    private final String namespace;

    public Scans(Api control, List<String> providers, String namespace) {
        this.control = control;
        this.providers = providers;
        this.namespace = namespace;
    }

    /**
     * What the scans showed.
     *
     * @param rows how many, tombstones among them, by provider
     * @param unequal keys that are not the same at every provider
     * @param damaged rows that cannot be decoded; they count as unequal as well
     */
    public record Comparison(Map<String, Integer> rows, long unequal, long damaged) {
        public boolean equal() {
            return unequal == 0;
        }
    }

    private record Scan(Map<String, String> rows, TreeSet<String> damaged) {}

    /** @return null when a provider cannot be scanned */
    public @Nullable Comparison compare() {
        Map<String, Scan> scans = new TreeMap<>();
        TreeSet<String> keys = new TreeSet<>();
        for (String provider : providers) {
            Scan scan = scan(provider);
            if (scan == null) {
                return null;
            }
            scans.put(provider, scan);
            keys.addAll(scan.rows.keySet());
            keys.addAll(scan.damaged);
        }
        long unequal = keys.stream().filter(key -> unequal(key, scans)).count();
        Map<String, Integer> rows = new TreeMap<>();
        scans.forEach((provider, scan) -> rows.put(provider, scan.rows.size()));
        return new Comparison(
                rows,
                unequal,
                scans.values().stream().mapToLong(scan -> scan.damaged.size()).sum());
    }

    private static boolean unequal(String key, Map<String, Scan> scans) {
        return scans.values().stream().anyMatch(scan -> scan.damaged.contains(key))
                || scans.values().stream()
                                .map(scan -> scan.rows.getOrDefault(key, ""))
                                .distinct()
                                .count()
                        > 1;
    }

    private @Nullable Scan scan(String provider) {
        Scan scan = new Scan(new HashMap<>(), new TreeSet<>());
        String after = "";
        while (true) {
            String path = "/v1/raw/" + Percent.encode(provider) + "?namespace=" + Percent.encode(namespace) + "&limit="
                    + PAGE + (after.isEmpty() ? "" : "&after=" + Percent.encode(after));
            Reply reply = control.get(path);
            if (!reply.ok()) {
                return null;
            }
            JsonNode page = reply.json();
            String last = after;
            for (JsonNode row : page.path("rows")) {
                last = Json.text(row, "key", "");
                scan.rows.put(last, row.path("version") + " " + row.path("tombstone") + " " + row.path("checksum"));
            }
            for (JsonNode damaged : page.path("damaged")) {
                String key = damaged.asString("");
                scan.damaged.add(key);
                last = key.compareTo(last) > 0 ? key : last;
            }
            if (page.path("end").asBoolean(true) || last.equals(after)) {
                return scan;
            }
            after = last;
        }
    }
}
