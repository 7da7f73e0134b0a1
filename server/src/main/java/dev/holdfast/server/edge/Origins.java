package dev.holdfast.server.edge;

import dev.holdfast.client.transport.Deadline;
import dev.holdfast.client.transport.Request;
import dev.holdfast.client.transport.Response;
import dev.holdfast.client.transport.Time;
import dev.holdfast.client.transport.Transport;
import dev.holdfast.client.transport.TransportFailure;
import dev.holdfast.client.transport.TransportStatistics;
import dev.holdfast.server.api.Via;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Some origins that are as good as each other, and the token by which this node is let in. Each request names this node, so that an origin
 * that itself asks by way of it can say so. Thread-safe.
 */
public final class Origins implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(1);

    private final Transport transport;
    private final String node;
    private final Supplier<String> token;
    private final Duration timeout;

    /**
     * @param node the name of this node's process
     * @param token read for each request, so that it can be changed while the server runs
     * @param trust null for the JDK's authorities
     * @param timeout the longest that a request may take with all its retries
     */
    public Origins(
            List<URI> origins, String node, Supplier<String> token, @Nullable SSLContext trust, Duration timeout) {
        this.transport =
                new Transport(new Transport.Config(origins, HttpClient.Version.HTTP_2, trust, CONNECT), Time.system());
        this.node = node;
        this.token = token;
        this.timeout = timeout;
    }

    Response<byte[]> send(Request request) throws TransportFailure, InterruptedException {
        return transport.send(signed(request), Deadline.after(transport.time(), timeout));
    }

    /** The body of the answer is the caller's to close. */
    Response<InputStream> open(Request request) throws TransportFailure, InterruptedException {
        return transport.open(signed(request), Deadline.after(transport.time(), timeout));
    }

    private Request signed(Request request) {
        return request.with("Authorization", "Bearer " + token.get()).with(Via.HEADER, node);
    }

    /** What has been asked of them since the start. */
    public TransportStatistics statistics() {
        return transport.statistics();
    }

    Time time() {
        return transport.time();
    }

    @Override
    public void close() {
        transport.close();
    }
}
