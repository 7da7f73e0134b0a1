package dev.holdfast.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A namespace of Workers KV from which a namespace here takes what it does not have yet.
 *
 * @param name as freshness calls it
 * @param namespace title or id of the one here
 * @param source id of the one there
 * @param token the file that holds the API token
 * @param requests at most so many in five minutes, by this node
 * @param ended whether it is over, and what was deleted here may be forgotten
 */
public record UpstreamConfig(
        String name,
        String namespace,
        URI url,
        String account,
        String source,
        Path token,
        Duration timeout,
        int requests,
        boolean ended) {

    private static final Type<String> TEXT = new Type<>("a text", text -> text);
    static final Setting<String> NAMESPACE = new Setting<>(
            "namespace",
            TEXT,
            "",
            "Title or id of the namespace here, which takes from Workers KV what it does not have yet.");
    static final Setting<URI> URL = new Setting<>(
            "url",
            new Type<>("an address such as https://api.cloudflare.com/client/v4", UpstreamConfig::address),
            "https://api.cloudflare.com/client/v4",
            "The REST API v4; another Holdfast's is http://HOST:4653/client/v4.");
    static final Setting<String> ACCOUNT = new Setting<>("account", TEXT, "", "The account there.");
    static final Setting<String> SOURCE = new Setting<>("source", TEXT, "", "Id of the namespace there.");
    static final Setting<Optional<Path>> TOKEN = new Setting<>(
            "token",
            Type.optional(Type.PATH),
            "",
            "A file with an API token that may read there, read anew for each request; a relative path is below the"
                    + " data folder.");
    static final Setting<Duration> TIMEOUT = new Setting<>(
            "timeout",
            Type.duration(Duration.ofMillis(100), Duration.ofSeconds(60)),
            "5s",
            "How long one request there may take.");
    static final Setting<Integer> REQUESTS = new Setting<>(
            "requests",
            Type.number(1, 1_000_000),
            "900",
            "At most so many requests there in five minutes, by this node: Cloudflare allows a user 1,200 for all that"
                    + " he does.");
    static final Setting<Boolean> ENDED = new Setting<>(
            "ended",
            Type.BOOLEAN,
            "false",
            "Whether nothing is read from there any more, and what was deleted here may be forgotten again. Set it at"
                    + " all origins before you take the upstream out of the configuration.");
    private static final Named NAMED =
            new Named("upstreams", List.of(NAMESPACE, URL, ACCOUNT, SOURCE, TOKEN, TIMEOUT, REQUESTS, ENDED));

    static List<UpstreamConfig> from(Values values, Path data) {
        List<UpstreamConfig> upstreams = new ArrayList<>();
        for (String name : NAMED.names(values)) {
            NAMED.check(values, name, "upstream");
            Optional<Path> token = values.get(NAMED.under(name, TOKEN));
            if (token.isEmpty()) {
                values.problem(NAMED.under(name, TOKEN), "is missing: a file with an API token");
            }
            upstreams.add(new UpstreamConfig(
                    name,
                    required(values, name, NAMESPACE),
                    values.get(NAMED.under(name, URL)),
                    required(values, name, ACCOUNT),
                    required(values, name, SOURCE),
                    data.resolve(token.orElse(Path.of("none"))),
                    values.get(NAMED.under(name, TIMEOUT)),
                    values.get(NAMED.under(name, REQUESTS)),
                    values.get(NAMED.under(name, ENDED))));
        }
        return List.copyOf(upstreams);
    }

    private static String required(Values values, String name, Setting<String> setting) {
        String text = values.get(NAMED.under(name, setting)).strip();
        if (text.isEmpty()) {
            values.problem(NAMED.under(name, setting), "is missing");
        }
        return text;
    }

    static Named named() {
        return NAMED;
    }

    private static URI address(String text) {
        String bare = text.strip();
        URI address = URI.create(bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare);
        boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!http || address.getHost() == null || address.getRawUserInfo() != null) {
            throw new IllegalArgumentException("not an address");
        }
        return address;
    }
}
