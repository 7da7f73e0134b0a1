package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {
    private static final int LIMIT = 25 * 1024 * 1024;
    /** Patient, since machines that run tests are busy. */
    private static final HttpLimits LIMITS = limits(100, Duration.ofSeconds(30), Duration.ofSeconds(30));

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch held = new CountDownLatch(2);
    private final CountDownLatch release = new CountDownLatch(1);
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private HttpServer server;

    private static HttpLimits limits(int calls, Duration head, Duration bodyGrace) {
        return new HttpLimits(
                100, calls, 10, 32 * 1024, 64L * 1024 * 1024, Duration.ofSeconds(60), head, bodyGrace, 1024 * 1024);
    }

    /** Answers with what it was asked. */
    private final class Echo implements Door {
        @Override
        public boolean claims(Call call) {
            return !call.path().startsWith("/nobody");
        }

        @Override
        public void answer(Call call) throws IOException {
            switch (call.path()) {
                case "/reason" -> call.respond(400, call.query().get("phrase"), "text/plain", new byte[0]);
                case "/metadata" -> {
                    String metadata = call.headerUtf8("CF-KV-Metadata");
                    call.answerHeaderUtf8("CF-KV-Metadata", metadata);
                    call.respond(200, "text/plain; charset=utf-8", metadata.getBytes(UTF_8));
                }
                case "/bug" -> throw new IllegalStateException("a secret of the server");
                case "/wait" -> {
                    entered.countDown();
                    await(release);
                    call.respond(200, "text/plain", "waited".getBytes(UTF_8));
                }
                case "/hold" -> {
                    byte[] body = call.body(LIMIT);
                    held.countDown();
                    await(release);
                    call.respond(
                            200, "text/plain", Integer.toString(body.length).getBytes(UTF_8));
                }
                default -> echo(call);
            }
        }

        private void echo(Call call) throws IOException {
            boolean bodied = call.method().equals("PUT");
            try {
                byte[] body = bodied ? call.body(LIMIT) : call.path().getBytes(UTF_8);
                seen.add("body " + body.length);
                call.respond(200, "application/octet-stream", body);
            } catch (BodyFault fault) {
                seen.add(fault.getClass().getSimpleName());
                throw fault;
            }
        }

        @Override
        public void refuse(Call call, int status, String sentence) {
            call.respond(status, sentence, "text/plain", sentence.getBytes(UTF_8));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = started(LIMITS);
    }

    private HttpServer started(HttpLimits limits) throws IOException {
        HttpServer started = new HttpServer(
                Listener.onVirtualThreads("test", "127.0.0.1", 0, null), limits, List.of(new Echo()), new SystemTime());
        started.start();
        servers.add(started);
        return started;
    }

    @AfterEach
    void stop() {
        release.countDown();
        servers.forEach(each -> each.stop(Duration.ofSeconds(5)));
    }

    private RawClient.Answer get(String target) throws IOException {
        return RawClient.once(server.port(), "GET " + target + " HTTP/1.1\r\nHost: fake-host\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a%2Fb/../x//y",
                "/a%2Fb:c%3Fd%20e%25%C3%A9%F0%9F%98%80+&=%23",
                "//x",
                "/..",
                "/../x",
                "/%2e%2E",
                "/a;b=c/d",
                "/tr/",
                "/%00",
                "/%zz",
                "/%"
            })
    void pathsArriveAsTheyWereSent(String path) throws IOException {
        RawClient.Answer answer = get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(path);
    }

    @Test
    void everyAnswerNamesItsRequest() throws IOException {
        assertThat(get("/a").headers().get("holdfast-request")).matches("[0-9a-f]{16}");
        assertThat(get("/a").headers().get("holdfast-request"))
                .isNotEqualTo(get("/a").headers().get("holdfast-request"));
    }

    @Test
    void aReasonPhraseIsSentAndCannotForgeHeaders() throws IOException {
        assertThat(get("/reason?phrase=Invalid+cache_ttl+of+1.").reason()).isEqualTo("Invalid cache_ttl of 1.");
        RawClient.Answer forged = get("/reason?phrase=a%0d%0aX-Forged:+b");
        assertThat(forged.reason()).isEqualTo("a??X-Forged: b");
        assertThat(forged.headers()).doesNotContainKey("x-forged");
        assertThat(get("/reason?phrase=%C3%A9%09%7f~").reason()).isEqualTo("???~");
        assertThat(get("/reason?phrase=" + "x".repeat(2000)).reason()).hasSize(512);
    }

    @Test
    void headersCarryRawUtf8BothWays() throws IOException {
        String utf8 = new String("{\"é\":\"🤓\"}".getBytes(UTF_8), ISO_8859_1);
        RawClient.Answer answer = RawClient.once(
                server.port(), "GET /metadata HTTP/1.1\r\nHost: x\r\nCF-KV-Metadata: " + utf8 + "\r\n\r\n");
        assertThat(answer.headers().get("cf-kv-metadata")).isEqualTo(utf8);
        assertThat(answer.text()).isEqualTo("{\"é\":\"🤓\"}");
    }

    @Test
    void headAnswersWithoutABody() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            RawClient.Answer head =
                    client.send("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n").readHead();
            assertThat(head.headers().get("content-length")).isEqualTo("4");
            assertThat(client.send("GET /abc HTTP/1.1\r\nHost: x\r\n\r\n")
                            .read()
                            .text())
                    .isEqualTo("/abc");
        }
    }

    @Test
    void aPathOfNoDoorIsNotFound() throws IOException {
        RawClient.Answer answer = get("/nobody");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text())
                .contains("\"code\":\"not-found\"", answer.headers().get("holdfast-request"));
    }

    @Test
    void aFaultOfTheServerTellsItsRequestAndNothingElse() throws IOException {
        RawClient.Answer answer = get("/bug");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text())
                .contains(answer.headers().get("holdfast-request"))
                .doesNotContain("secret", "Exception");
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPUT /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
                    + "GET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("/1");
            assertThat(client.read().text()).isEqualTo("hi");
            assertThat(client.read().text()).isEqualTo("/3");
        }
    }

    @Test
    void aBodyOf25MebibytesComesBackAsItWas() throws Exception {
        byte[] large = new byte[LIMIT];
        new Random(1).nextBytes(large);
        HttpRequest.Builder put = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/large"));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest declared = put.copy()
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(large))
                    .build();
            assertThat(client.send(declared, HttpResponse.BodyHandlers.ofByteArray())
                            .body())
                    .isEqualTo(large);
            HttpRequest streamed = put.copy()
                    .version(HttpClient.Version.HTTP_1_1)
                    .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)))
                    .build();
            assertThat(client.send(streamed, HttpResponse.BodyHandlers.ofByteArray())
                            .body())
                    .isEqualTo(large);
        }
    }

    @Test
    void aBodyDeclaredTooLargeIsRefusedUnread() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            client.send("PUT /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 26214401\r\n\r\n");
            RawClient.Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.text()).isEqualTo("The request body of 26214401 bytes exceeds the limit of 26214400.");
            assertThat(answer.headers().get("connection")).isEqualTo("close");
        }
    }

    @Test
    void aClientThatExpectsToContinueMayContinue() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            client.send("PUT /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(100);
            assertThat(client.send("hi").read().text()).isEqualTo("hi");
        }
    }

    @Test
    void aClientThatSendsTooMuchStillReadsWhyItIsRefused() throws Exception {
        byte[] large = new byte[LIMIT + 1];
        try (RawClient client = new RawClient(server.port())) {
            client.send("PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: " + large.length + "\r\n\r\n");
            assertThat(client.send(large).read().status()).isEqualTo(413);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void aClientThatIsRefusedWhileItSendsIsNotHungUpOn() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            client.send("PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: " + (LIMIT + 1) + "\r\n\r\n");
            assertThat(client.send("x").read().status()).isEqualTo(413);
            assertThat(client.silentFor(Duration.ofMillis(200))).isTrue();
            client.send(new byte[LIMIT]);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void aStreamedBodyTooLargeIsRefusedWithItsWholeLength() throws IOException {
        byte[] chunk = ("100000\r\n" + "x".repeat(0x100000) + "\r\n").getBytes(ISO_8859_1);
        try (RawClient client = new RawClient(server.port())) {
            client.send("PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 27; i++) {
                client.send(chunk);
            }
            RawClient.Answer answer = client.send("0\r\n\r\n").read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.text()).isEqualTo("The request body of 28311552 bytes exceeds the limit of 26214400.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\nhi\r\n0\r\n\r\n", "-1\r\n", "2\r\nhixx\r\n0\r\n\r\n"})
    void brokenChunkingIsABadRequest(String body) throws IOException, InterruptedException {
        try (RawClient client = new RawClient(server.port())) {
            client.send("PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("Broken");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
                "PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: -2\r\n\r\nhi",
                "PUT /x HTTP/1.1\r\n"
                        + "Host: x\r\n"
                        + "Content-Length: 2\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "2\r\n"
                        + "hi\r\n"
                        + "0\r\n\r\n",
                "GET /x\r\n\r\n",
                "GET /x HTTP/1.1\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
                "nonsense\r\n\r\n"
            })
    void whatIsNotHttpIsABadRequest(String request) throws IOException {
        RawClient.Answer answer = RawClient.once(server.port(), request);
        assertThat(answer.status()).isIn(400, 505);
        assertThat(answer.text()).startsWith("{\"error\":{\"code\":");
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 10\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"})
    void aBodyThatStallsIsGivenUp(String rest) throws IOException {
        HttpServer strict = started(limits(100, Duration.ofSeconds(30), Duration.ofMillis(100)));
        assertThat(RawClient.once(strict.port(), "PUT /x HTTP/1.1\r\nHost: x\r\n" + rest)
                        .status())
                .isEqualTo(408);
    }

    @Test
    void aClientThatGoesAwayHalfWayLeavesNothing() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
        }
        assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("Broken");
        RawClient client = new RawClient(server.port());
        client.send("PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
        client.reset();
        assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("Broken");
        assertThat(get("/alive").text()).isEqualTo("/alive");
    }

    @Test
    void aFloodOfHeadersIsRefused() throws IOException {
        String flood = "X-Flood: " + "x".repeat(8000) + "\r\n";
        assertThat(RawClient.once(server.port(), "GET /x HTTP/1.1\r\nHost: x\r\n" + flood.repeat(3) + "\r\n")
                        .status())
                .isEqualTo(200);
        assertThat(RawClient.once(server.port(), "GET /x HTTP/1.1\r\nHost: x\r\n" + flood.repeat(5) + "\r\n")
                        .status())
                .isEqualTo(431);
    }

    @Test
    void aHeadThatTricklesIsCutOff() throws Exception {
        HttpServer strict = started(limits(100, Duration.ofMillis(200), Duration.ofSeconds(30)));
        try (RawClient client = new RawClient(strict.port())) {
            assertThat(client.send("GET /x HTTP/1.1\r\nHost: x\r\n\r\n").read().status())
                    .isEqualTo(200);
            client.send("GET /x HTTP/1.1\r\n");
            long begin = System.nanoTime();
            assertThatThrownBy(() -> {
                        while (System.nanoTime() - begin < 30_000_000_000L) {
                            client.send("X");
                            TimeUnit.MILLISECONDS.sleep(20);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void bodiesThatDoNotFitTheMemoryForThemAreRefused() throws Exception {
        // The memory is 64 MiB; a body's buffer doubles until it has the body's length.
        String body = " HTTP/1.1\r\nHost: x\r\nContent-Length: " + LIMIT + "\r\n\r\n" + "x".repeat(LIMIT);
        try (RawClient a = new RawClient(server.port());
                RawClient b = new RawClient(server.port())) {
            a.send("PUT /hold" + body);
            b.send("PUT /hold" + body);
            await(held);
            RawClient.Answer refused = RawClient.once(server.port(), "PUT /x" + body);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers().get("retry-after")).isEqualTo("1");
            release.countDown();
            assertThat(a.read().status()).isEqualTo(200);
            assertThat(b.read().status()).isEqualTo(200);
        }
        assertThat(RawClient.once(server.port(), "PUT /x" + body).status()).isEqualTo(200);
    }

    @Test
    void requestsUnderWayFinishWhenTheServerStops() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
            await(entered);
            Thread stopping = Thread.ofVirtual().start(() -> server.stop(Duration.ofSeconds(5)));
            assertThatThrownBy(() -> {
                        while (true) {
                            new RawClient(server.port()).close();
                        }
                    })
                    .isInstanceOf(Exception.class);
            assertThat(stopping.join(Duration.ofMillis(200))).isFalse();
            release.countDown();
            RawClient.Answer answer = client.read();
            assertThat(answer.text()).isEqualTo("waited");
            assertThat(answer.headers().get("connection")).isEqualTo("close");
            stopping.join();
        }
    }

    @Test
    void moreRequestsThanTheServerBearsAreTurnedAway() throws Exception {
        HttpServer small = started(limits(1, LIMITS.head(), LIMITS.bodyGrace()));
        try (RawClient client = new RawClient(small.port())) {
            client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
            await(entered);
            RawClient.Answer refused = RawClient.once(small.port(), "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers().get("retry-after")).isEqualTo("1");
            release.countDown();
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void anAbsoluteTargetIsItsPath() throws IOException {
        assertThat(get("http://fake-host/a%00/../b?x").text()).isEqualTo("/a%00/../b");
    }

    @Test
    void aNumberSignInATargetIsPartOfIt() throws IOException {
        assertThat(get("/a#b").text()).isEqualTo("/a%23b");
    }

    @Test
    void anAddressInUseIsReportedInWords() {
        HttpServer second = new HttpServer(
                Listener.onVirtualThreads("second", "127.0.0.1", server.port(), null),
                LIMITS,
                List.of(),
                new SystemTime());
        assertThatThrownBy(second::start)
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen on 127.0.0.1:" + server.port() + ": Address already in use");
    }

    @Test
    void http2InTheClearIsSpoken() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpRequest get = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/h2"))
                    .build();
            HttpResponse<String> answer = client.send(get, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).isEqualTo("/h2");
        }
    }
}
