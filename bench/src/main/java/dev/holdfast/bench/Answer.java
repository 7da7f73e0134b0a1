package dev.holdfast.bench;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An answer of Holdfast as it went over the wire, for others to give the same. */
record Answer(@Nullable String contentType, List<Header> headers, String body) {
    /** Every server makes these by itself, or they are given in another way. */
    private static final Set<String> OWN =
            Set.of("date", "server", "connection", "content-length", "content-type", "transfer-encoding", ":status");

    private static final int BRIEF = 1000;

    record Header(String name, String value) {}

    static Answer of(HttpResponse<byte[]> response) {
        List<Header> headers = new ArrayList<>();
        response.headers()
                .map()
                .forEach((name, values) -> values.forEach(value -> headers.add(new Header(name, value))));
        return of(headers, new String(response.body(), StandardCharsets.UTF_8));
    }

    /** @param all every header that was sent */
    static Answer of(List<Header> all, String body) {
        String contentType = null;
        List<Header> headers = new ArrayList<>();
        for (Header header : all) {
            if (header.name.equalsIgnoreCase("content-type")) {
                contentType = header.value;
            } else if (!OWN.contains(header.name.toLowerCase(Locale.ROOT))) {
                headers.add(header);
            }
        }
        return new Answer(contentType, headers, body);
    }

    /** Whether it costs a server the same as another one: the same body, and headers of the same names. */
    boolean like(Answer other) {
        return body.equals(other.body) && names().equals(other.names());
    }

    private List<String> names() {
        return headers.stream()
                .map(header -> header.name.toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    /** For people: what is long is cut off. */
    String brief() {
        String text = toString();
        return text.length() <= BRIEF ? text : text.substring(0, BRIEF) + "…";
    }

    Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.name.equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst();
    }

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder(contentType == null ? "" : contentType).append('\n');
        headers.forEach(header ->
                text.append(header.name).append(':').append(header.value).append('\n'));
        Files.writeString(file, text.append('\n').append(body));
    }

    static Answer read(Path file) throws IOException {
        String text = Files.readString(file);
        int line = text.indexOf('\n');
        // With no headers the blank line follows the content type at once.
        int blank = text.indexOf("\n\n", line);
        List<Header> headers = text.substring(line, blank)
                .lines()
                .filter(each -> !each.isEmpty())
                .map(each -> each.split(":", 2))
                .map(parts -> new Header(parts[0], parts[1]))
                .toList();
        return new Answer(line == 0 ? null : text.substring(0, line), headers, text.substring(blank + 2));
    }
}
