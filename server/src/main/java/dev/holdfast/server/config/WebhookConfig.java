package dev.holdfast.server.config;

import dev.holdfast.engine.incident.Severity;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Somebody who is told of incidents.
 *
 * @param name as status and metrics call it
 * @param url with a path that may be a secret: to be shown as {@link #shown} only
 * @param least the least severity that an incident must have had
 * @param token the file that holds the token by which the receiver lets this node in
 */
public record WebhookConfig(String name, URI url, Form form, Severity least, Optional<Path> token, Duration timeout) {

    /** What is sent. */
    public enum Form {
        ALERTMANAGER,
        JSON
    }

    static final Setting<Optional<URI>> URL = new Setting<>(
            "url",
            Type.optional(new Type<>(
                    "an address such as https://alerts.example:9093, without a user or a fragment",
                    WebhookConfig::address)),
            "",
            "Whom to tell of incidents; for an Alertmanager without /api/v2/alerts. Redirects are not followed.");
    static final Setting<Form> FORM = new Setting<>(
            "form",
            Type.oneOf(Form.class),
            "json",
            "What is sent: alerts as an Alertmanager takes them, or one JSON object for each change of an incident.");
    static final Setting<Severity> LEAST = new Setting<>(
            "least-severity",
            new Type<>(
                    Arrays.stream(Severity.values()).map(Enum::name).collect(Collectors.joining(" or ")),
                    Severity::valueOf),
            "P4",
            "Only incidents that are or were at least so bad: P0 is the worst.");
    static final Setting<Optional<Path>> TOKEN = new Setting<>(
            "token",
            Type.optional(Type.PATH),
            "",
            "A file with a bearer token for the receiver, read anew for each notice; a relative path is below the data"
                    + " folder.");
    static final Setting<Duration> TIMEOUT = new Setting<>(
            "timeout",
            Type.duration(Duration.ofMillis(100), Duration.ofSeconds(30)),
            "5s",
            "How long one attempt may take.");
    private static final Named NAMED = new Named("incidents.webhooks", List.of(URL, FORM, LEAST, TOKEN, TIMEOUT));

    static List<WebhookConfig> from(Values values, Path data) {
        List<WebhookConfig> webhooks = new ArrayList<>();
        for (String name : NAMED.names(values)) {
            NAMED.check(values, name, "webhook");
            Setting<Optional<URI>> setting = NAMED.under(name, URL);
            Optional<URI> url = values.get(setting);
            if (url.isEmpty()) {
                values.problem(setting, "is missing: whom to tell");
            }
            webhooks.add(new WebhookConfig(
                    name,
                    url.orElse(URI.create("http://localhost")),
                    values.get(NAMED.under(name, FORM)),
                    values.get(NAMED.under(name, LEAST)),
                    values.get(NAMED.under(name, TOKEN)).map(data::resolve),
                    values.get(NAMED.under(name, TIMEOUT))));
        }
        return List.copyOf(webhooks);
    }

    static Named named() {
        return NAMED;
    }

    /** Without what may be a secret. */
    public String shown() {
        return url.getScheme() + "://" + url.getAuthority();
    }

    /** In lower case. */
    public String formLabel() {
        return form.name().toLowerCase(Locale.ROOT);
    }

    private static URI address(String text) {
        URI address = URI.create(text.strip());
        boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!http
                || address.getHost() == null
                || address.getRawUserInfo() != null
                || address.getRawFragment() != null) {
            throw new IllegalArgumentException("not an address of a receiver");
        }
        return address;
    }
}
