package dev.holdfast.server.backup;

import dev.holdfast.server.api.Json;
import dev.holdfast.server.backup.Backups.Kind;
import dev.holdfast.server.config.BackupConfig;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What there is, as JSON. */
final class BackupForm {
    private BackupForm() {}

    static ObjectNode jobs(Function<Kind, Optional<ObjectNode>> jobs) {
        ObjectNode json = Json.object();
        for (Kind kind : Kind.values()) {
            jobs.apply(kind).ifPresent(job -> json.set(kind.name().toLowerCase(Locale.ROOT), job));
        }
        return json;
    }

    static ObjectNode all(
            BackupConfig config,
            Folder folder,
            List<Manifest> fulls,
            SortedMap<String, List<Summary>> archives,
            ArchiveStatus status,
            long now) {
        ObjectNode json = Json.object()
                .put("directory", folder.root().toString())
                .put("interval_ms", config.interval().toMillis())
                .put("window_ms", config.window().toMillis());
        ArrayNode names = json.putArray("namespaces");
        config.namespaces().forEach(names::add);
        ArrayNode list = json.putArray("backups");
        for (Manifest full : fulls) {
            list.addObject()
                    .put("id", full.id())
                    .put("node", full.node())
                    .put("began_at", full.began())
                    .put("ended_at", full.ended())
                    .put("good", full.good())
                    .put("namespaces", full.parts().size())
                    .put("keys", full.keys())
                    .put("size", full.size());
        }
        fulls.stream()
                .filter(Manifest::good)
                .min(Comparator.comparingLong(Manifest::ended))
                .ifPresent(oldest -> json.put("oldest_moment_at", oldest.ended()));
        ObjectNode archive = json.putObject("archive")
                .put("through_at", status.through())
                .put("lag_ms", status.through() == 0 ? 0 : Math.max(0, now - status.through()))
                .put("missed", status.missedCount())
                .put("gaps", status.gapCount());
        String problem = status.problem();
        if (problem != null) {
            archive.put("problem", problem);
        }
        ArrayNode nodes = archive.putArray("nodes");
        archives.forEach((name, files) -> nodes.add(node(name, files)));
        return json;
    }

    private static ObjectNode node(String name, List<Summary> files) {
        ObjectNode json = Json.object()
                .put("node", name)
                .put("files", files.size())
                .put("changes", files.stream().mapToLong(Summary::changes).sum())
                .put("size", files.stream().mapToLong(Summary::whole).sum());
        ArrayNode spans = json.putArray("spans");
        for (Coverage.Span span : Coverage.spans(files)) {
            spans.addObject().put("from_at", span.from()).put("through_at", span.through());
        }
        return json;
    }
}
