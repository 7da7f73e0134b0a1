package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.server.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a full backup says of itself, in {@code manifest.json}.
 *
 * @param id the name of its folder
 * @param node which node made it
 * @param began what was acknowledged before, through any node, is in it; in milliseconds since the Unix epoch
 * @param ended when the last key was read
 * @param position up to where that node's feed could be told before it began: what came of those changes is in it
 * @param all whether no namespace was left out: one that is not in it did not exist then
 */
record Manifest(String id, String node, long began, long ended, String position, boolean all, List<Part> parts) {
    static final String NAME = "manifest.json";
    static final String SUMS = "SHA256SUMS";
    private static final String FORMAT = "holdfast_backup";

    /**
     * One namespace.
     *
     * @param jurisdiction of it; empty for none
     * @param bytes of its lines, before they were compressed
     * @param size of the file
     * @param sha256 of the file
     * @param confirmed whether every key could be vouched for
     * @param problem why it is not there; empty when it is
     */
    record Part(
            NamespaceId namespace,
            String title,
            String jurisdiction,
            String file,
            long keys,
            long bytes,
            long size,
            byte[] sha256,
            boolean confirmed,
            String problem) {
        boolean there() {
            return problem.isEmpty();
        }

        static Part missing(NamespaceId namespace, String title, String problem) {
            return new Part(namespace, title, "", "", 0, 0, 0, new byte[0], false, problem);
        }
    }

    /** Whether every namespace is in it. */
    boolean good() {
        return parts.stream().allMatch(Part::there);
    }

    /** Whether, moreover, every key of every namespace could be vouched for. */
    boolean vouched() {
        return parts.stream().allMatch(part -> part.there() && part.confirmed());
    }

    Optional<Part> part(NamespaceId namespace) {
        return parts.stream()
                .filter(part -> part.namespace().equals(namespace) && part.there())
                .findFirst();
    }

    /** Whether it says what a namespace held: its part, or that there was no such namespace. */
    boolean tells(NamespaceId namespace) {
        return part(namespace).isPresent()
                || (all && parts.stream().noneMatch(part -> part.namespace().equals(namespace)));
    }

    long keys() {
        return parts.stream().mapToLong(Part::keys).sum();
    }

    long size() {
        return parts.stream().mapToLong(Part::size).sum();
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put(FORMAT, 1)
                .put("id", id)
                .put("node", node)
                .put("began", Instant.ofEpochMilli(began).toString())
                .put("ended", Instant.ofEpochMilli(ended).toString())
                .put("position", position)
                .put("all", all)
                .put("good", good())
                .put("keys", keys())
                .put("size", size());
        ArrayNode list = json.putArray("namespaces");
        for (Part part : parts) {
            ObjectNode line =
                    list.addObject().put("id", part.namespace().toString()).put("title", part.title());
            if (!part.there()) {
                line.put("problem", part.problem());
                continue;
            }
            if (!part.jurisdiction().isEmpty()) {
                line.put("jurisdiction", part.jurisdiction());
            }
            line.put("file", part.file())
                    .put("keys", part.keys())
                    .put("bytes", part.bytes())
                    .put("size", part.size())
                    .put("sha256", HexFormat.of().formatHex(part.sha256()))
                    .put("confirmed", part.confirmed());
        }
        return json;
    }

    /** As {@code sha256sum -c} reads it. */
    String sums() {
        StringBuilder sums = new StringBuilder();
        for (Part part : parts) {
            if (part.there()) {
                sums.append(HexFormat.of().formatHex(part.sha256()))
                        .append("  ")
                        .append(part.file())
                        .append('\n');
            }
        }
        return sums.toString();
    }

    /** @throws IOException when it cannot be read, or is not as it was written */
    static Manifest read(Path folder) throws IOException {
        try {
            JsonNode json = Json.parse(Files.readAllBytes(folder.resolve(NAME)));
            if (json.path(FORMAT).asInt(0) != 1) {
                throw new IOException(folder + " has a manifest of another format");
            }
            List<Part> parts = new ArrayList<>();
            for (JsonNode part : json.path("namespaces")) {
                parts.add(part(part));
            }
            return new Manifest(
                    json.path("id").asString(""),
                    json.path("node").asString(""),
                    Instant.parse(json.path("began").asString("")).toEpochMilli(),
                    Instant.parse(json.path("ended").asString("")).toEpochMilli(),
                    json.path("position").asString(""),
                    json.path("all").asBoolean(false),
                    List.copyOf(parts));
        } catch (JacksonException | IllegalArgumentException | DateTimeException damaged) {
            throw new IOException("the manifest in " + folder + " is not as it was written", damaged);
        }
    }

    private static Part part(JsonNode part) {
        NamespaceId id = NamespaceId.parse(part.path("id").asString(""));
        String title = part.path("title").asString("");
        if (part.has("problem")) {
            return Part.missing(id, title, part.path("problem").asString("?"));
        }
        return new Part(
                id,
                title,
                part.path("jurisdiction").asString(""),
                // A name in the same folder, whoever has written the manifest.
                id + Folder.LINES,
                part.path("keys").asLong(0),
                part.path("bytes").asLong(0),
                part.path("size").asLong(0),
                HexFormat.of().parseHex(part.path("sha256").asString("")),
                part.path("confirmed").asBoolean(false),
                "");
    }
}
