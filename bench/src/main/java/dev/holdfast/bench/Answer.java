package dev.holdfast.bench;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An answer of Holdfast as it went over the wire, for others to give the same. */
record Answer(@Nullable String contentType, List<Header> headers, String body) {
    /** Every server makes these by itself, or they are given in another way. */
    private static final Set<String> OWN =
            Set.of("date", "server", "connection", "content-length", "content-type", "transfer-encoding", ":status");

    record Header(String name, String value) {}

    static Answer of(HttpResponse<byte[]> response) {
        List<Header> headers = new ArrayList<>();
        response.headers().map().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> headers.add(new Header(name, value)));
            }
        });
        return new Answer(
                response.headers().firstValue("content-type").orElse(null),
                headers,
                new String(response.body(), StandardCharsets.UTF_8));
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
