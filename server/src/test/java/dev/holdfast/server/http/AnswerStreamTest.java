package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.time.SystemTime;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that are written piece by piece. */
@Timeout(60)
class AnswerStreamTest {
    private static final byte[] END = {};

    private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server;

    /** Writes what the test puts in, on every path but one. */
    private final class Pieces implements Door {
        @Override
        public boolean claims(Call call) {
            return true;
        }

        @Override
        public void answer(Call call) {
            if (call.path().equals("/whole")) {
                call.respond(200, "text/plain", "whole".getBytes(UTF_8));
                return;
            }
            AnswerStream stream = call.stream("text/plain");
            if (stream == null) {
                refuse(call, 503, "full");
                return;
            }
            try (stream) {
                if (call.path().equals("/hello")) {
                    stream.write("hello".getBytes(UTF_8));
                }
                for (byte[] piece = pieces.take(); piece != END; piece = pieces.take()) {
                    stream.write(piece);
                }
                ends.add("whole");
            } catch (InterruptedException e) {
                ends.add("interrupted");
            } catch (IOException e) {
                ends.add("gone");
            }
        }

        @Override
        public void refuse(Call call, int status, String sentence) {
            call.respond(status, "text/plain", sentence.getBytes(UTF_8));
        }
    }

    private void start(int calls, int streams, Duration idle) throws IOException {
        HttpLimits limits = new HttpLimits(
                100,
                calls,
                streams,
                32 * 1024,
                64L * 1024 * 1024,
                idle,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                1024 * 1024);
        server = new HttpServer(
                Listener.onVirtualThreads("test", "127.0.0.1", 0, null),
                limits,
                List.of(new Pieces()),
                new SystemTime());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(Duration.ofSeconds(5));
        client.shutdownNow();
    }

    private HttpResponse<InputStream> open(HttpClient.Version version, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .version(version)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private String end() throws InterruptedException {
        return ends.poll(30, TimeUnit.SECONDS);
    }

    private void put(String piece) {
        pieces.add(piece.getBytes(UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void piecesArriveWhenTheyAreWritten(HttpClient.Version version) throws Exception {
        start(100, 10, Duration.ofSeconds(60));
        put("one");
        HttpResponse<InputStream> response = open(version, "/");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.version()).isEqualTo(version);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/plain");
        assertThat(response.headers().firstValue(Call.REQUEST_ID)).isPresent();
        assertThat(new String(response.body().readNBytes(3), UTF_8)).isEqualTo("one");
        put("two");
        assertThat(new String(response.body().readNBytes(3), UTF_8)).isEqualTo("two");
        pieces.add(END);
        assertThat(response.body().read()).isEqualTo(-1);
        assertThat(end()).isEqualTo("whole");
    }

    @ParameterizedTest
    @EnumSource
    void silenceBetweenPiecesIsNothingToWorryAbout(HttpClient.Version version) throws Exception {
        start(100, 10, Duration.ofMillis(300));
        put("one");
        HttpResponse<InputStream> response = open(version, "/");
        Thread.sleep(1_000);
        put("two");
        assertThat(new String(response.body().readNBytes(6), UTF_8)).isEqualTo("onetwo");
    }

    @Test
    void streamsAreNotCallsUnderWayAndHaveALimitOfTheirOwn() throws Exception {
        start(1, 2, Duration.ofSeconds(60));
        open(HttpClient.Version.HTTP_1_1, "/hello");
        open(HttpClient.Version.HTTP_2, "/hello");
        assertThat(server.streams()).isEqualTo(2);
        assertThat(server.underWay()).isZero();
        assertThat(open(HttpClient.Version.HTTP_1_1, "/whole").statusCode()).isEqualTo(200);
        assertThat(open(HttpClient.Version.HTTP_1_1, "/hello").statusCode()).isEqualTo(503);
        pieces.add(END);
        assertThat(end()).isEqualTo("whole");
        assertStreams(1);
        assertThat(open(HttpClient.Version.HTTP_1_1, "/hello").statusCode()).isEqualTo(200);
    }

    @Test
    void whoReadsNothingIsCutOff() throws Exception {
        start(100, 10, Duration.ofMillis(500));
        try (RawClient dead = new RawClient(server.port())) {
            dead.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            for (int i = 0; i < 64; i++) {
                pieces.add(new byte[1 << 20]);
            }
            assertThat(end()).isEqualTo("gone");
        }
        assertNoStreams();
    }

    @Test
    void whoIsGoneIsNoticedByTheNextPieces() throws Exception {
        start(100, 10, Duration.ofSeconds(60));
        try (RawClient leaving = new RawClient(server.port())) {
            put("one");
            leaving.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").readHead();
            leaving.reset();
        }
        for (int i = 0; ends.isEmpty() && i < 1_000; i++) {
            put("more");
            Thread.sleep(10);
        }
        assertThat(end()).isEqualTo("gone");
        assertNoStreams();
    }

    private void assertNoStreams() throws InterruptedException {
        assertStreams(0);
    }

    /** A stream is left once its last piece is on the wire, a moment after whoever made it has come to its end. */
    private void assertStreams(int left) throws InterruptedException {
        for (int i = 0; server.streams() > left && i < 1_000; i++) {
            Thread.sleep(10);
        }
        assertThat(server.streams()).isEqualTo(left);
    }

    @ParameterizedTest
    @EnumSource
    void stoppingEndsStreamsAtOnce(HttpClient.Version version) throws Exception {
        start(100, 10, Duration.ofSeconds(60));
        put("one");
        HttpResponse<InputStream> response = open(version, "/");
        response.body().readNBytes(3);
        long begin = System.nanoTime();
        server.stop(Duration.ofSeconds(20));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        assertThat(response.body().read()).isEqualTo(-1);
        assertThat(end()).isEqualTo("interrupted");
    }
}
