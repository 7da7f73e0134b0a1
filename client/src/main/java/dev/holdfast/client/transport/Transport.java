package dev.holdfast.client.transport;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls to several servers that are as good as each other. A call blocks its thread for at most its deadline. Retries and hedges
 * together add at most a tenth to the calls, and hedges a twentieth, beyond a reserve of {@value #RETRY_RESERVE} and
 * {@value #HEDGE_RESERVE}. Thread-safe.
 */
public final class Transport implements AutoCloseable {
    private static final double RETRY_SHARE = 0.1;
    private static final int RETRY_RESERVE = 10;
    private static final double HEDGE_SHARE = 0.05;
    private static final int HEDGE_RESERVE = 2;

    private final HttpClient http;
    private final boolean own;
    private final Endpoints endpoints;
    private final Time time;
    private final Budget retries = new Budget(RETRY_SHARE, RETRY_RESERVE);
    private final Budget hedges = new Budget(HEDGE_SHARE, HEDGE_RESERVE);
    private final Counters counters = new Counters();

    /**
     * How to connect.
     *
     * @param endpoints such as {@code http://127.0.0.1:4653}, the preferred one first
     * @param version HTTP/2 is by TLS where the server offers it, and by upgrade (h2c) without TLS
     * @param trust null for the JDK's authorities
     * @param connect the longest that connecting may take
     */
    public record Config(
            List<URI> endpoints,
            HttpClient.Version version,
            @Nullable SSLContext trust,
            Duration connect) {
        public Config {
            endpoints = List.copyOf(endpoints);
        }

        public static Config of(URI... endpoints) {
            return new Config(List.of(endpoints), HttpClient.Version.HTTP_1_1, null, Duration.ofSeconds(2));
        }
    }

    /** With connections of its own. */
    public Transport(Config config, Time time) {
        this(config.endpoints(), time, connections(config), true);
    }

    /** Over what somebody else has set up, and closes. */
    public Transport(List<URI> endpoints, Time time, HttpClient http) {
        this(endpoints, time, http, false);
    }

    private Transport(List<URI> endpoints, Time time, HttpClient http, boolean own) {
        this.http = http;
        this.own = own;
        this.endpoints = new Endpoints(List.copyOf(endpoints), time);
        this.time = time;
    }

    private static HttpClient connections(Config config) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(config.version())
                .connectTimeout(config.connect())
                .executor(Executors.newThreadPerTaskExecutor(
                        task -> Thread.ofVirtual().name("holdfast-http").unstarted(task)));
        if (config.trust() != null) {
            builder.sslContext(config.trust());
        }
        return builder.build();
    }

    /**
     * Sends, as often as it takes and the request allows, and waits for the whole answer, whatever its status.
     *
     * @throws TransportFailure when none came
     */
    public Response<byte[]> send(Request request, Deadline deadline) throws TransportFailure, InterruptedException {
        return exchange(request, BodyHandlers.ofByteArray(), deadline);
    }

    /** As {@link #send}, but only until the answer begins; its body is read as it comes, and closed by the caller. */
    public Response<InputStream> open(Request request, Deadline deadline)
            throws TransportFailure, InterruptedException {
        return exchange(request, BodyHandlers.ofInputStream(), deadline);
    }

    private <T> Response<T> exchange(Request request, BodyHandler<T> handler, Deadline deadline)
            throws TransportFailure, InterruptedException {
        counters.calls.increment();
        if (request.repeat() != Repeat.NEVER) {
            retries.earn();
        }
        if (request.repeat().harmless()) {
            hedges.earn();
        }
        return new Exchange<>(this, request, handler, deadline).run();
    }

    /** Whether an answer is likely: false while every endpoint has just failed. A call may be made all the same. */
    public boolean promising() {
        return endpoints.promising();
    }

    public TransportStatistics statistics() {
        return counters.read(endpoints.down());
    }

    public Time time() {
        return time;
    }

    HttpClient http() {
        return http;
    }

    Endpoints endpoints() {
        return endpoints;
    }

    Budget retries() {
        return retries;
    }

    /** Whether a read may be asked of a second one, too, which is paid for like a retry. */
    boolean spendHedge() {
        return spend(hedges) && spend(retries);
    }

    Counters counters() {
        return counters;
    }

    boolean spend(Budget budget) {
        boolean granted = budget.spend();
        if (!granted) {
            counters.overBudget.increment();
        }
        return granted;
    }

    /** Ends the calls under way, too, if the connections are its own. */
    @Override
    public void close() {
        if (own) {
            http.shutdownNow();
        }
    }
}
