package dev.holdfast.bench;

import dev.holdfast.bench.Answer.Header;
import java.util.List;

/**
 * A request, for whoever sends it.
 *
 * @param target path and query
 * @param headers the token's among them
 * @param body empty for none
 */
record Ask(String method, String target, List<Header> headers, String body) {

    static Ask get(String target, List<Header> headers) {
        return new Ask("GET", target, headers, "");
    }

    /** The same without its headers, so without its token. */
    Ask bare() {
        return new Ask(method, target, List.of(), body);
    }

    /** As it goes over an HTTP/1.1 connection. */
    String wire() {
        StringBuilder text = new StringBuilder(method).append(' ').append(target);
        text.append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        headers.forEach(header ->
                text.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        if (!body.isEmpty() || !method.equals("GET")) {
            text.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return text.append("\r\n").append(body).toString();
    }
}
