package dev.holdfast.client.transport;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a server answered, whatever the status.
 *
 * @param body the bytes, or a stream of them that the receiver closes
 * @param endpoint which server it was
 */
public record Response<T>(int status, HttpHeaders headers, T body, URI endpoint) {

    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** A header that carries UTF-8, which HTTP libraries read as ISO 8859-1. */
    public Optional<String> utf8Header(String name) {
        return header(name).map(raw -> new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    /** Empty also when it is not a whole number. */
    public OptionalLong numberHeader(String name) {
        try {
            return header(name)
                    .map(text -> OptionalLong.of(Long.parseLong(text)))
                    .orElse(OptionalLong.empty());
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }
}
