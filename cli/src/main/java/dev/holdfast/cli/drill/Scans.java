package dev.holdfast.cli.drill;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Percent;
import dev.holdfast.cli.http.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compares what the providers hold of one namespace, straight from each and past the store. For as many keys as fit into memory. */
final class Scans {
    private static final int PAGE = 1_000;

    private final Api control;
    private final List<String> providers;
    private final String namespace;

    Scans(Api control, List<String> providers, String namespace) {
        this.control = control;
        this.providers = providers;
        this.namespace = namespace;
    }

    /** How many keys are not the same at every provider; null when a provider cannot be scanned. */
    @Nullable
    Long unequalKeys() {
        Map<String, Map<String, String>> all = new HashMap<>();
        TreeSet<String> keys = new TreeSet<>();
        for (String provider : providers) {
            Map<String, String> rows = rows(provider);
            if (rows == null) {
                return null;
            }
            all.put(provider, rows);
            keys.addAll(rows.keySet());
        }
        return keys.stream()
                .filter(key -> all.values().stream()
                                .map(rows -> rows.getOrDefault(key, ""))
                                .distinct()
                                .count()
                        > 1)
                .count();
    }

    private @Nullable Map<String, String> rows(String provider) {
        Map<String, String> rows = new HashMap<>();
        String after = "";
        while (true) {
            String path = "/v1/raw/" + Percent.encode(provider) + "?namespace=" + Percent.encode(namespace) + "&limit="
                    + PAGE + (after.isEmpty() ? "" : "&after=" + Percent.encode(after));
            Reply reply = control.get(path);
            if (!reply.ok()) {
                return null;
            }
            JsonNode page = reply.json();
            for (JsonNode row : page.path("rows")) {
                after = Json.text(row, "key", "");
                rows.put(after, row.path("version") + " " + row.path("tombstone") + " " + row.path("checksum"));
            }
            if (page.path("end").asBoolean(true) || page.path("rows").isEmpty()) {
                return rows;
            }
        }
    }
}
