package dev.holdfast.server.rest;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a path is about.
 *
 * @param account as sent, in lower case
 * @param namespace as sent; empty for the namespaces of an account
 * @param key raw, of a value or its metadata; empty otherwise
 */
record Route(String account, String namespace, Resource resource, String key) {
    static final String BASE = "/client/v4";
    static final String ACCOUNTS = "/accounts/";
    private static final String NAMESPACES_PATH = "/storage/kv/namespaces";
    private static final int ID_LENGTH = 32;

    enum Resource {
        NAMESPACES("", "GET, POST"),
        NAMESPACE("/{namespace}", "GET, PUT, DELETE"),
        KEYS("/{namespace}/keys", "GET"),
        VALUE("/{namespace}/values/{key}", "GET, PUT, DELETE"),
        METADATA("/{namespace}/metadata/{key}", "GET"),
        BULK("/{namespace}/bulk", "PUT, DELETE"),
        BULK_DELETE("/{namespace}/bulk/delete", "POST"),
        BULK_GET("/{namespace}/bulk/get", "POST");

        private final String below;
        private final String methods;

        Resource(String below, String methods) {
            this.below = below;
            this.methods = methods;
        }

        /** The path, as {@code openapi.json} names it; a test compares the two. */
        String template() {
            return BASE + ACCOUNTS + "{account}" + NAMESPACES_PATH + below;
        }

        /** Allowed methods, as a header names them. */
        String methods() {
            return methods;
        }
    }

    /** The route of a raw path; null when it leads nowhere. */
    static @Nullable Route parse(String path) {
        int begin = (path.startsWith(BASE) ? BASE.length() : 0) + ACCOUNTS.length();
        int end = path.indexOf('/', begin);
        if (end < 0 || !path.startsWith(NAMESPACES_PATH, end)) {
            return null;
        }
        String account = path.substring(begin, end);
        if (!isId(account)) {
            return null;
        }
        account = account.toLowerCase(Locale.ROOT);
        int rest = end + NAMESPACES_PATH.length();
        if (rest == path.length() || path.substring(rest).equals("/")) {
            return new Route(account, "", Resource.NAMESPACES, "");
        }
        return path.charAt(rest) == '/' ? within(account, path, rest + 1) : null;
    }

    private static @Nullable Route within(String account, String path, int begin) {
        int end = path.indexOf('/', begin);
        String namespace = end < 0 ? path.substring(begin) : path.substring(begin, end);
        String below = end < 0 ? "" : path.substring(end + 1);
        return switch (below) {
            case "" -> new Route(account, namespace, Resource.NAMESPACE, "");
            case "keys" -> new Route(account, namespace, Resource.KEYS, "");
            case "bulk" -> new Route(account, namespace, Resource.BULK, "");
            case "bulk/delete" -> new Route(account, namespace, Resource.BULK_DELETE, "");
            case "bulk/get" -> new Route(account, namespace, Resource.BULK_GET, "");
            default -> keyed(account, namespace, below);
        };
    }

    private static @Nullable Route keyed(String account, String namespace, String below) {
        int slash = below.indexOf('/');
        String key = slash < 0 ? "" : below.substring(slash + 1);
        if (key.isEmpty()) {
            return null;
        }
        return switch (below.substring(0, slash)) {
            case "values" -> new Route(account, namespace, Resource.VALUE, key);
            case "metadata" -> new Route(account, namespace, Resource.METADATA, key);
            default -> null;
        };
    }

    private static boolean isId(String text) {
        return text.length() == ID_LENGTH && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80);
    }
}
