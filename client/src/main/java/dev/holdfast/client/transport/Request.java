package dev.holdfast.client.transport;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.Map;

/**
 * What to send, to whichever endpoint.
 *
 * @param path with its query, percent-encoded, beginning with a slash
 * @param body able to be sent more than once, unless {@code repeat} is {@link Repeat#NEVER}
 */
public record Request(String method, String path, Map<String, String> headers, BodyPublisher body, Repeat repeat) {
    /** For how many milliseconds the answer is still waited for. Whoever does not set it waits as long as the call may take. */
    public static final String DEADLINE = "Holdfast-Deadline-Ms";

    public Request {
        headers = Map.copyOf(headers);
    }

    /** A request that only reads. */
    public static Request get(String path) {
        return new Request("GET", path, Map.of(), BodyPublishers.noBody(), Repeat.ALWAYS);
    }

    public Request with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Request(method, path, more, body, repeat);
    }
}
