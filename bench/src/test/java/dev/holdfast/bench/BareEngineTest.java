package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bench.Answer.Header;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BareEngineTest {
    private static final Answer GET = new Answer("text/plain", List.of(new Header("age", "0")), "value");
    private static final Answer PUT = new Answer(null, List.of(new Header("etag", "\"1\"")), "{}");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"inline,false", "inline,true", "virtual,false", "virtual,true"})
    void itGivesTheAnswersItWasToldToWhoeverHasTheToken(String threads, boolean encrypted) throws Exception {
        Reply.write(folder, List.of(new Reply("get", "GET", "/kv/", GET), new Reply("put", "PUT", "/kv/", PUT)));
        List<String> arguments = new ArrayList<>(List.of(threads, folder.toString(), folder.toString()));
        Tls tls = encrypted ? Tls.make(folder) : null;
        if (tls != null) {
            arguments.add(folder.toString());
        }
        List<String> command = Java.command(BareEngine.class, arguments.toArray(String[]::new));
        try (Child engine = Child.talking("bare", folder, command)) {
            int port = Integer.parseInt(engine.line(Duration.ofMinutes(1)));
            String token = Files.readString(folder.resolve("admin-token")).strip();
            try (Client client = new Client(token, tls);
                    Client nobody = new Client("", tls)) {
                HttpResponse<byte[]> read = client.send("GET", port, "/kv/key", "");
                HttpResponse<byte[]> written = client.send("PUT", port, "/kv/key", "value");
                assertThat(Answer.of(read).like(withRequestId(GET))).isTrue();
                assertThat(Answer.of(written).like(withRequestId(PUT))).isTrue();
                assertThat(client.send("GET", port, "/other", "").statusCode()).isEqualTo(404);
                assertThat(nobody.send("GET", port, "/kv/key", "").statusCode()).isEqualTo(401);
                assertThat(nobody.send("PUT", port, "/kv/key", "value").statusCode())
                        .isEqualTo(401);
            }
        }
    }

    private static Answer withRequestId(Answer answer) {
        List<Header> headers = new ArrayList<>(answer.headers());
        headers.add(new Header("Holdfast-Request", "any"));
        return new Answer(answer.contentType(), headers, answer.body());
    }
}
