package dev.holdfast.server.v1;

import org.jspecify.annotations.Nullable;

/** What there is below {@code /v1/}, as {@code openapi.json} names it; a test compares the two. */
enum Place {
    DESCRIPTION("/v1/openapi.json"),
    FEED("/v1/feed"),
    CATALOGUE("/v1/catalogue"),
    NAMESPACES("/v1/namespaces"),
    NAMESPACE("/v1/namespaces/{ns}"),
    KEYS("/v1/namespaces/{ns}/keys"),
    WATCH("/v1/namespaces/{ns}/watch"),
    EXPORT("/v1/namespaces/{ns}/export"),
    IMPORT("/v1/namespaces/{ns}/import"),
    RESTORE("/v1/namespaces/{ns}/restore"),
    VALUE("/v1/namespaces/{ns}/values/{key}"),
    EXPLAIN("/v1/namespaces/{ns}/explain/{key}");

    private final String template;

    Place(String template) {
        this.template = template;
    }

    String template() {
        return template;
    }

    /**
     * Where a path leads; null for nowhere.
     *
     * @param parts of the raw path, below {@code /v1/}; the fourth, a key, may hold slashes
     */
    static @Nullable Place of(String[] parts) {
        if (!parts[0].equals("namespaces")) {
            return parts.length == 1 ? single(parts[0]) : null;
        }
        return switch (parts.length) {
            case 1 -> NAMESPACES;
            case 2 -> NAMESPACE;
            case 3 ->
                switch (parts[2]) {
                    case "keys" -> KEYS;
                    case "watch" -> WATCH;
                    case "export" -> EXPORT;
                    case "import" -> IMPORT;
                    case "restore" -> RESTORE;
                    default -> null;
                };
            default ->
                switch (parts[2]) {
                    case "values" -> VALUE;
                    case "explain" -> EXPLAIN;
                    default -> null;
                };
        };
    }

    private static @Nullable Place single(String part) {
        return switch (part) {
            case "openapi.json" -> DESCRIPTION;
            case "feed" -> FEED;
            case "catalogue" -> CATALOGUE;
            default -> null;
        };
    }
}
