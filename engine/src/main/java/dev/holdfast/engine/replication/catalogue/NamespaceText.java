package dev.holdfast.engine.replication.catalogue;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.Namespace.WhenShort;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.OnOutage;
import dev.holdfast.engine.kv.Quota;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A namespace as text, a line {@code name=value} for each property, values percent-encoded: readable without Holdfast. */
final class NamespaceText {
    private NamespaceText() {}

    static byte[] write(Namespace namespace) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("id", namespace.id().toString());
        lines.put("title", namespace.title());
        lines.put("account", namespace.account());
        lines.put("jurisdiction", namespace.jurisdiction());
        lines.put("mode", namespace.mode());
        lines.put("durability", Integer.toString(namespace.policy().durability()));
        lines.put("when-short", namespace.policy().whenShort().name());
        lines.put("dark-writes", Boolean.toString(namespace.policy().darkWrites()));
        lines.put("on-outage", namespace.policy().onOutage().toString());
        lines.put("pinned", Boolean.toString(namespace.policy().pinned()));
        lines.put("tier", Integer.toString(namespace.policy().tier()));
        lines.put(
                "needs",
                String.join(
                        ",",
                        namespace.policy().needs().stream()
                                .map(NamespaceId::toString)
                                .toList()));
        lines.put("max-requests", Long.toString(namespace.policy().quota().requests()));
        lines.put("max-keys", Long.toString(namespace.policy().quota().keys()));
        lines.put("max-bytes", Long.toString(namespace.policy().quota().bytes()));
        lines.put("created-at", Long.toString(namespace.createdAt()));
        lines.put("deleted-at", Long.toString(namespace.deletedAt()));
        StringBuilder text = new StringBuilder();
        lines.forEach((name, value) -> text.append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
                .append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException when it is not such a text */
    static Namespace read(byte[] text) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (String line : new String(text, StandardCharsets.UTF_8).split("\n", -1)) {
            int at = line.indexOf('=');
            if (at > 0) {
                lines.put(line.substring(0, at), URLDecoder.decode(line.substring(at + 1), StandardCharsets.UTF_8));
            }
        }
        Policy policy = new Policy(
                Integer.parseInt(value(lines, "durability")),
                WhenShort.valueOf(value(lines, "when-short")),
                Boolean.parseBoolean(value(lines, "dark-writes")),
                OnOutage.parse(lines.getOrDefault("on-outage", OnOutage.STALE.toString())),
                Boolean.parseBoolean(lines.getOrDefault("pinned", "false")),
                Integer.parseInt(lines.getOrDefault("tier", Integer.toString(Policy.DEFAULT.tier()))),
                needs(lines.getOrDefault("needs", "")),
                new Quota(
                        Long.parseLong(lines.getOrDefault("max-requests", "0")),
                        Long.parseLong(lines.getOrDefault("max-keys", "0")),
                        Long.parseLong(lines.getOrDefault("max-bytes", "0"))));
        return new Namespace(
                NamespaceId.parse(value(lines, "id")),
                value(lines, "title"),
                value(lines, "account"),
                value(lines, "jurisdiction"),
                value(lines, "mode"),
                policy,
                Long.parseLong(value(lines, "created-at")),
                Long.parseLong(value(lines, "deleted-at")));
    }

    private static List<NamespaceId> needs(String ids) {
        return ids.isEmpty()
                ? List.of()
                : Arrays.stream(ids.split(",", -1)).map(NamespaceId::parse).toList();
    }

    private static String value(Map<String, String> lines, String name) {
        String value = lines.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a namespace without its " + name);
        }
        return value;
    }
}
