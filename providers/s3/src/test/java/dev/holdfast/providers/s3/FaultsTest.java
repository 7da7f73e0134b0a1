package dev.holdfast.providers.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the provider makes of answers that real servers give only in trouble. */
class FaultsTest {
    private static final NamespaceId NS = new NamespaceId(1, 2);
    private static final Identity IDENTITY = new Identity("0".repeat(32), 1);
    private static final String MARKER =
            "holdfast place, format 1\nid " + IDENTITY.id() + "\ngeneration " + IDENTITY.generation() + "\n";

    /** How the store answers all but the question for the marker. */
    @FunctionalInterface
    private interface Answer {
        void give(HttpExchange exchange) throws IOException;
    }

    private HttpServer server;
    private S3Provider provider;
    private boolean markerThere = true;
    private Answer answer = exchange -> error(exchange, 500, "InternalError");

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            boolean marker = exchange.getRequestURI().getPath().endsWith(Marker.NAME);
            if (!marker || !exchange.getRequestMethod().equals("GET")) {
                answer.give(exchange);
            } else if (markerThere) {
                send(exchange, 200, MARKER);
            } else {
                error(exchange, 404, "NoSuchKey");
            }
            exchange.close();
        });
        server.start();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        List<S3Credential> credentials =
                List.of(new S3Credential("one", () -> "secret-one"), new S3Credential("two", () -> "secret-two"));
        S3Settings settings = new S3Settings(
                endpoint,
                "r",
                "b",
                "",
                true,
                credentials,
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                4,
                Duration.ZERO);
        provider = S3Provider.open("a", settings, S3Conformance.DOMAIN, new SystemTime());
    }

    @AfterEach
    void stop() {
        provider.close();
        server.stop(0);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        send(exchange, status, "<Error><Code>" + code + "</Code><Message>words of the store</Message></Error>");
    }

    private ProviderFault fault() {
        ProviderFault fault = catchThrowableOfType(ProviderFault.class, () -> provider.get(NS, Key.of("k")));
        assertThat(fault).as("the call was expected to fail").isNotNull();
        return fault;
    }

    @ParameterizedTest
    @CsvSource({
        "503, SlowDown, THROTTLED",
        "503, ServiceUnavailable, THROTTLED",
        "429, TooManyRequests, THROTTLED",
        "403, AccessDenied, UNAUTHORIZED",
        "403, InvalidAccessKeyId, UNAUTHORIZED",
        "403, SignatureDoesNotMatch, UNAUTHORIZED",
        "401, ExpiredToken, UNAUTHORIZED",
        "403, QuotaExceeded, DISK_FULL",
        "507, InsufficientStorage, DISK_FULL",
        "404, NoSuchBucket, ROLLED_BACK",
        "400, RequestTimeout, TIMEOUT",
        "504, GatewayTimeout, TIMEOUT",
        "500, InternalError, UNAVAILABLE",
        "501, NotImplemented, UNAVAILABLE",
        "301, PermanentRedirect, UNAVAILABLE"
    })
    void each_answer_of_a_store_is_one_kind_of_fault(int status, String code, FaultKind kind) {
        answer = exchange -> error(exchange, status, code);
        ProviderFault fault = fault();
        assertThat(fault.kind()).as(fault.getMessage()).isEqualTo(kind);
        assertThat(fault).hasMessageContaining(code).hasMessageContaining("bucket b at http://127.0.0.1");
        assertThat(fault.getMessage() + fault.getCause()).doesNotContain("secret-");
    }

    @Test
    void an_answer_that_is_no_listing_is_corrupt() {
        answer = exchange -> send(exchange, 200, "<html>welcome to the proxy</p>");
        assertThat(fault().kind()).isEqualTo(FaultKind.CORRUPT);
    }

    @Test
    void an_answer_that_does_not_come_in_time_is_a_timeout() {
        answer = exchange -> {
            try {
                Thread.sleep(1500);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        assertThat(fault().kind()).isEqualTo(FaultKind.TIMEOUT);
    }

    @Test
    void a_secret_that_cannot_be_read_is_not_shown_either() {
        S3Credential broken = new S3Credential("one", () -> {
            throw new IllegalStateException("secret-one");
        });
        S3Settings settings = S3Settings.of(URI.create("http://127.0.0.1:1"), "r", "b", "", List.of(broken));
        try (S3Provider alone = S3Provider.open("a", settings, S3Conformance.DOMAIN, new SystemTime())) {
            ProviderFault fault = catchThrowableOfType(ProviderFault.class, alone::probe);
            assertThat(fault.kind()).isEqualTo(FaultKind.UNAUTHORIZED);
            assertThat(fault + " " + settings).doesNotContain("secret-one");
        }
    }

    @ParameterizedTest
    @CsvSource({"true, store.invalid", "false, bucket.store.invalid"})
    void the_bucket_is_in_the_path_or_in_the_host_as_configured(boolean pathStyle, String where) {
        S3Settings settings = new S3Settings(
                URI.create("http://store.invalid"),
                "r",
                "bucket",
                "",
                pathStyle,
                List.of(new S3Credential("one", () -> "secret-one")),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                4,
                Duration.ZERO);
        try (S3Provider nowhere = S3Provider.open("a", settings, S3Conformance.DOMAIN, new SystemTime())) {
            ProviderFault fault = catchThrowableOfType(ProviderFault.class, nowhere::probe);
            assertThat(fault.kind()).isEqualTo(FaultKind.UNAVAILABLE);
            assertThat(causes(fault)).contains(" " + where);
        }
    }

    private static String causes(Throwable fault) {
        StringBuilder all = new StringBuilder();
        for (Throwable cause = fault.getCause(); cause != null; cause = cause.getCause()) {
            all.append(cause).append('\n');
        }
        return all.toString();
    }

    @Test
    void a_store_that_ignores_conditions_is_refused() {
        answer = exchange -> send(exchange, 200, "");
        ProviderFault probed = catchThrowableOfType(ProviderFault.class, provider::probe);
        assertThat(probed).hasMessageContaining("ignores If-None-Match");
        markerThere = false;
        ProviderFault made = catchThrowableOfType(ProviderFault.class, () -> provider.initialise(IDENTITY));
        assertThat(made.kind()).isEqualTo(FaultKind.UNAVAILABLE);
        assertThat(made).hasMessageContaining("ignores If-None-Match").hasMessageContaining("bucket b at http://");
    }
}
