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
    private static final String NAMESPACES = "/storage/kv/namespaces";
    private static final int ID_LENGTH = 32;

    enum Resource {
        NAMESPACES("GET, POST"),
        NAMESPACE("GET, PUT, DELETE"),
        KEYS("GET"),
        VALUE("GET, PUT, DELETE"),
        METADATA("GET"),
        BULK("PUT, DELETE"),
        BULK_DELETE("POST"),
        BULK_GET("POST");

        private final String methods;

        Resource(String methods) {
            this.methods = methods;
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
        if (end < 0 || !path.startsWith(NAMESPACES, end)) {
            return null;
        }
        String account = path.substring(begin, end);
        if (!isId(account)) {
            return null;
        }
        account = account.toLowerCase(Locale.ROOT);
        int rest = end + NAMESPACES.length();
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
