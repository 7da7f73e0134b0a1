package dev.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.client.ScriptServer.Reply;
import dev.holdfast.client.ScriptServer.Seen;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NamespaceTest {
    static final String V1 = "01a208b4ab600001";
    static final String V2 = "01a208b4ab600002";
    static final String RECEIPT =
            "{\"version\":\"" + V2 + "\",\"homes\":[\"a\"],\"hinted\":[\"b\"],\"domains\":1,\"short\":true}";

    private final ManualTime time = new ManualTime();
    private final ScriptServer server = new ScriptServer();
    private final Holdfast client = Holdfast.builder()
            .endpoint(URI.create(server.url() + "/"))
            .token("hf_t")
            .time(time)
            .build();
    private final Namespace notes = client.namespace("my notes");

    NamespaceTest() throws IOException {}

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    static Reply found(String version, String value) {
        return Reply.of(200, value)
                .with("Holdfast-Version", version, "Holdfast-Source", "b", "Holdfast-Confirmed", "true", "Age", "0");
    }

    static Reply absent() {
        return Reply.error(404, "key-not-found").with("Holdfast-Confirmed", "true");
    }

    @Test
    void aValueComesWithAllThatIsSaidOfIt() throws InterruptedException {
        server.answers(seen -> found(V1, "wörld")
                .with("Age", "7", "Holdfast-Metadata", latin("{\"é\":1}"), "Holdfast-Expiration", "1900000000"));
        Answer answer = notes.get("a/b c");
        Seen seen = server.arrival();
        assertThat(seen.path()).isEqualTo("/v1/namespaces/my%20notes/values/a%2Fb%20c");
        assertThat(seen.header("Authorization")).isEqualTo("Bearer hf_t");
        Value value = answer.value().orElseThrow();
        assertThat(value.text()).isEqualTo("wörld");
        assertThat(value.version()).isEqualTo(new Version(V1));
        assertThat(value.metadata()).hasValue("{\"é\":1}");
        assertThat(value.expiration()).hasValue(Instant.ofEpochSecond(1_900_000_000));
        assertThat(answer.freshness())
                .isEqualTo(new Freshness(Duration.ofSeconds(7), Freshness.Source.SERVER, "b", true, false));
        assertThat(notes.get("k", ReadMode.FRESH).present()).isTrue();
        assertThat(server.arrival().path()).endsWith("?mode=fresh");
    }

    private static String latin(String utf8) {
        return new String(
                utf8.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Test
    void anAbsenceIsAnAnswerAndNotEveryNotFoundIsOne() {
        server.answers(seen -> absent());
        assertThat(notes.get("k").present()).isFalse();
        assertThat(notes.getText("k")).isEmpty();
        server.answers(seen -> Reply.error(404, "namespace-not-found"));
        assertThatThrownBy(() -> notes.get("k")).isInstanceOf(HoldfastException.Refused.class);
        server.answers(seen -> Reply.of(404, "<html>no such page"));
        assertThatThrownBy(() -> notes.get("k"))
                .isInstanceOf(HoldfastException.Refused.class)
                .hasMessageContaining("no such page");
        server.answers(seen -> Reply.of(200, "<html>welcome"));
        assertThatThrownBy(() -> notes.get("k")).isInstanceOf(HoldfastException.Unavailable.class);
    }

    @Test
    void aWriteSaysWhatItIsToldAndGivesTheReceipt() throws InterruptedException {
        server.answers(seen -> Reply.of(200, RECEIPT));
        Receipt receipt = notes.put(
                "k",
                "v",
                PutOptions.DEFAULT
                        .metadata("{ \"é\" : 1 }")
                        .expiresAfter(Duration.ofMinutes(2))
                        .onlyIf(Condition.ABSENT));
        assertThat(receipt).isEqualTo(new Receipt(new Version(V2), List.of("a"), List.of("b"), 1, true));
        Seen seen = server.arrival();
        assertThat(seen.method() + " " + seen.path() + " " + seen.body())
                .isEqualTo("PUT /v1/namespaces/my%20notes/values/k?expiration_ttl=120 v");
        assertThat(seen.header("Holdfast-Metadata")).isEqualTo("{\"\\u00E9\":1}");
        assertThat(seen.header("If-None-Match")).isEqualTo("*");
        notes.put("k", new byte[] {1}, PutOptions.DEFAULT.expiresAt(Instant.ofEpochSecond(1_900_000_000)));
        assertThat(server.arrival().path()).endsWith("k?expiration=1900000000");
        notes.compareAndSet("k", new Version(V1), "w");
        assertThat(server.arrival().header("If-Match")).isEqualTo("\"" + V1 + "\"");
        notes.delete("k", Condition.PRESENT);
        seen = server.arrival();
        assertThat(seen.method() + seen.header("If-Match")).isEqualTo("DELETE*");
    }

    @Test
    void eachFailureSaysWhatIsTrue() throws Exception {
        server.answers(seen -> Reply.of(
                412, "{\"error\":{\"code\":\"condition-failed\",\"message\":\"No.\"},\"current\":\"" + V1 + "\"}"));
        var failed = catchThrowableOfType(HoldfastException.ConditionFailed.class, () -> notes.put("k", "v"));
        assertThat(failed.current()).hasValue(new Version(V1));
        assertThat(failed.mayHaveHappened()).isFalse();

        server.answers(seen -> Reply.error(503, "no-provider").with("Retry-After", "30"));
        var unavailable = catchThrowableOfType(HoldfastException.Unavailable.class, () -> notes.put("k", "v"));
        assertThat(unavailable.code()).isEqualTo("no-provider");
        assertThat(unavailable.request()).isEmpty();
        assertThat(unavailable.retryAfter()).hasValue(Duration.ofSeconds(30));
        assertThat(unavailable.repeatIsSafe()).isTrue();

        int before = server.count();
        for (int status : new int[] {500, 502, 504}) {
            server.answers(seen -> Reply.error(status, "unknown"));
            var unknown = catchThrowableOfType(HoldfastException.UnknownOutcome.class, () -> notes.delete("k"));
            assertThat(unknown.mayHaveHappened()).isTrue();
            assertThat(unknown.repeatIsSafe()).isFalse();
        }
        assertThat(server.count()).as("none was sent twice").isEqualTo(before + 3);

        server.answers(seen -> Reply.of(200, "{}"));
        assertThatThrownBy(() -> notes.put("k", "v")).isInstanceOf(HoldfastException.UnknownOutcome.class);

        server.answers(seen -> Reply.error(403, "forbidden"));
        var refused = catchThrowableOfType(HoldfastException.Refused.class, () -> notes.put("k", "v"));
        assertThat(refused.status()).isEqualTo(403);
    }

    @Test
    void whatWasNotSentHasNotHappened() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (Holdfast alone = Holdfast.builder()
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .deadline(Duration.ofMillis(100))
                .time(time)
                .build()) {
            var nobody = catchThrowableOfType(
                    HoldfastException.Unavailable.class,
                    () -> alone.namespace("n").put("k", "v"));
            assertThat(nobody.code()).isEqualTo("unreachable");
        }
    }

    @Test
    void aWriteWithoutAnAnswerIsUnknown() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        server.answers(seen -> Reply.of(200, RECEIPT).after(never));
        FutureTask<Receipt> write =
                new FutureTask<>(() -> notes.within(Duration.ofSeconds(3)).put("k", "v"));
        Thread.ofVirtual().start(write);
        server.arrival();
        time.advanceWhenAwaited(Duration.ofSeconds(3), Duration.ofSeconds(3));
        assertThatThrownBy(() -> write.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(HoldfastException.UnknownOutcome.class);
        never.countDown();
    }

    @Test
    void anInterruptedWriterIsToldSoAndStaysInterrupted() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        server.answers(seen -> Reply.of(200, RECEIPT).after(never));
        FutureTask<Boolean> write = new FutureTask<>(() -> {
            var unknown = catchThrowableOfType(HoldfastException.UnknownOutcome.class, () -> notes.put("k", "v"));
            return unknown.code().equals("interrupted")
                    && Thread.currentThread().isInterrupted();
        });
        Thread thread = Thread.ofVirtual().start(write);
        server.arrival();
        thread.interrupt();
        assertThat(write.get(20, TimeUnit.SECONDS)).isTrue();
        never.countDown();
    }

    @Test
    void aListingFetchesAPageWhenItIsNeeded() throws InterruptedException {
        server.answers(seen -> Reply.of(
                200,
                seen.path().contains("cursor=c%2F1")
                        ? "{\"keys\":[{\"name\":\"k3\",\"version\":\"" + V2
                                + "\",\"size\":2,\"value_base64\":\"/w==\"}],\"cursor\":null,\"confirmed\":true}"
                        : "{\"keys\":[{\"name\":\"k1\",\"version\":\"" + V1
                                + "\",\"size\":5,\"expiration\":1900000000,\"metadata\":{\"a\":1},\"value\":\"é\"},"
                                + "{\"name\":\"k2\",\"version\":\"" + V1
                                + "\",\"size\":5}],\"cursor\":\"c/1\",\"confirmed\":false}"));
        Listing listing = notes.list("k&").pageSize(2).withValues();
        Iterator<ListedKey> keys = listing.iterator();
        assertThat(server.count()).isZero();
        ListedKey first = keys.next();
        assertThat(first.metadata()).hasValue("{\"a\":1}");
        assertThat(first.value().orElseThrow().text()).isEqualTo("é");
        assertThat(keys.next().value()).isEmpty();
        assertThat(server.count()).isEqualTo(1);
        assertThat(server.arrival().path()).isEqualTo("/v1/namespaces/my%20notes/keys?limit=2&prefix=k%26&values=true");
        assertThat(keys.next().value().orElseThrow().bytes()).containsExactly(0xff);
        assertThat(keys.hasNext()).isFalse();
        assertThat(listing.stream().map(ListedKey::name)).containsExactly("k1", "k2", "k3");
        assertThat(listing.pages()).extracting(Listing.Page::confirmed).containsExactly(false, true);
        assertThat(listing.after("c/1")).hasSize(1);
    }

    @Test
    void readsCarryHowFarTheNodesMustHaveCome() {
        Iterator<String> sessions = List.of("n1.5.99", "n2.1.7", "n1.5.100", "n1.5.98", "n1.4.500", "nonsense")
                .iterator();
        server.answers(seen -> seen.method().equals("PUT")
                ? Reply.of(200, RECEIPT).with("Holdfast-Session", sessions.next())
                : found(V2, "v"));
        notes.get("k");
        while (sessions.hasNext()) {
            notes.put("k", "v");
        }
        notes.get("k");
        assertThat(server.seen().getFirst().header("Holdfast-Session")).isEmpty();
        assertThat(server.seen().getLast().header("Holdfast-Session").split(","))
                .containsExactlyInAnyOrder("n1.5.100", "n2.1.7");
    }

    @Test
    void aServerThatHasNotSeenAWriteIsAskedToAsk() {
        server.answers(seen -> seen.method().equals("PUT") ? Reply.of(200, RECEIPT) : found(V1, "old"));
        notes.put("k", "v");
        assertThatThrownBy(() -> notes.get("k"))
                .isInstanceOfSatisfying(
                        HoldfastException.Unavailable.class,
                        behind -> assertThat(behind.code()).isEqualTo("behind"));
        assertThat(server.count()).isEqualTo(4);
        server.answers(seen -> seen.path().endsWith("?mode=confirmed") ? found(V2, "v") : found(V1, "old"));
        assertThat(notes.getText("k")).hasValue("v");
        server.answers(seen -> absent());
        assertThat(notes.getText("k")).as("confirmed, so somebody deleted it").isEmpty();
        assertThat(server.seen().getLast().path()).endsWith("?mode=confirmed");
    }
}
