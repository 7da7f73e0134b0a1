package dev.holdfast.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Whether this node has providers of its own or stands before origins, and how it reaches those.
 *
 * @param urls of the data ports of the origins, the preferred one first
 * @param token the file that holds the token by which the origins let this node in
 * @param clusterKey the file that holds the key under which the origins seal their catalogue
 */
public record OriginsConfig(Role role, List<URI> urls, Path token, Path clusterKey) {

    /** What a node is. */
    public enum Role {
        ORIGIN,
        EDGE
    }

    static final Setting<Role> ROLE = new Setting<>(
            "role",
            Type.oneOf(Role.class),
            "origin",
            "An origin has providers; an edge has none, keeps near what it asks the origins for, and hears of"
                    + " changes.");
    static final Setting<List<URI>> URLS = new Setting<>(
            "origins.urls",
            new Type<>("addresses such as http://127.0.0.1:4653, separated by commas", OriginsConfig::addresses),
            "http://127.0.0.1:4653",
            "For an edge: the data ports of all origins of one store, the preferred one first. Changes made at one"
                    + " that is not named here are seen only when the time to live is over.");
    static final Setting<Path> TOKEN = new Setting<>(
            "origins.token",
            Type.PATH,
            "origin-token",
            "For an edge: a file with the token by which the origins let it in, which may do everything everywhere.");
    static final Setting<Path> CLUSTER_KEY = new Setting<>(
            "origins.cluster-key",
            Type.PATH,
            "cluster-key",
            "For an edge: a copy of the file cluster-key in an origin's data folder; a relative path is below the data"
                    + " folder, as that of the token is.");
    static final List<Setting<?>> SETTINGS = List.of(ROLE, URLS, TOKEN, CLUSTER_KEY);

    static OriginsConfig from(Values values, Path data) {
        return new OriginsConfig(
                values.get(ROLE),
                values.get(URLS),
                data.resolve(values.get(TOKEN)),
                data.resolve(values.get(CLUSTER_KEY)));
    }

    private static List<URI> addresses(String text) {
        return Arrays.stream(text.split(",", -1)).map(OriginsConfig::address).toList();
    }

    private static URI address(String text) {
        URI address = URI.create(text.strip());
        boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!http
                || address.getHost() == null
                || !(address.getPath().isEmpty() || address.getPath().equals("/"))) {
            throw new IllegalArgumentException("not the address of an origin");
        }
        return URI.create(address.getScheme() + "://" + address.getAuthority());
    }
}
