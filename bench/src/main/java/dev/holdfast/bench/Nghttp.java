package dev.holdfast.bench;

import dev.holdfast.bench.Answer.Header;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Single requests over HTTP/2, also where it is spoken without TLS and without being asked for, as the JDK's client cannot. */
record Nghttp(Path folder) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern HEADER = Pattern.compile("recv \\(stream_id=\\d+\\) (:?[^:\\s]+): (.*)");

    /** @param body empty when there is none; its characters are bytes */
    record Answered(int status, List<Header> headers, String body) {}

    /** @param body the file with the body; null for none */
    Answered send(String base, Ask ask, @Nullable Path body) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("nghttp", "--no-verify-peer", "--timeout=20"));
        for (Header header : ask.headers()) {
            command.add("--header=" + header.name().toLowerCase(Locale.ROOT) + ": " + header.value());
        }
        if (body != null) {
            command.add("--data=" + body);
        }
        command.add(base + ask.target());
        // What it says of the headers is mixed with the body, so it is asked twice.
        String content = said(command);
        command.add("--null-out");
        command.add("--verbose");
        return parse(said(command), content);
    }

    static Answered parse(String verbose, String body) {
        int status = 0;
        List<Header> headers = new ArrayList<>();
        Matcher matcher = HEADER.matcher(verbose);
        while (matcher.find()) {
            if (matcher.group(1).equals(":status")) {
                status = Integer.parseInt(matcher.group(2).strip());
            } else {
                headers.add(new Header(matcher.group(1), matcher.group(2).strip()));
            }
        }
        return new Answered(status, headers, body);
    }

    private String said(List<String> command) throws IOException, InterruptedException {
        try (Child nghttp = Child.silent("nghttp", folder, command, Map.of())) {
            nghttp.finish(PATIENCE);
        }
        return Files.readString(folder.resolve("nghttp.log"), StandardCharsets.ISO_8859_1);
    }
}
