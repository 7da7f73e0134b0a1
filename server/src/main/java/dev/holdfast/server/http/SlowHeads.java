package dev.holdfast.server.http;

import dev.holdfast.engine.time.Time;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections on which the head of a request, or a TLS handshake, does not end. Without it a client that sends a byte
 * now and then keeps a connection for ever, since each byte restarts the idle time.
 *
 * <p>A head under way shows as bytes that go on coming while no request is under way. HTTP/2 limits its own heads. Used by one
 * thread.
 */
final class SlowHeads {
    private final ServerConnector connector;
    private final Time time;
    private final long patienceNanos;
    private Map<EndPoint, Quiet> quiet = new HashMap<>();

    /**
     * A connection without a request under way.
     *
     * @param requests received on it before
     * @param bytes received when it was first seen so
     * @param growing whether more bytes came after that
     * @param since when they were first seen, by the clock of {@link Time#nanos}
     */
    private record Quiet(long requests, long bytes, boolean growing, long since) {}

    SlowHeads(ServerConnector connector, Time time, long patienceNanos) {
        this.connector = connector;
        this.time = time;
        this.patienceNanos = patienceNanos;
    }

    /** Looks at every connection once; to be called several times within the patience. */
    void sweep() {
        long now = time.nanos();
        Map<EndPoint, Quiet> current = new HashMap<>();
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            Connection connection = plain(endPoint.getConnection());
            if (connection == null
                    || connection instanceof HTTP2Connection
                    || connection.getMessagesIn() != connection.getMessagesOut()) {
                continue;
            }
            Quiet state = next(quiet.get(endPoint), connection.getMessagesIn(), connection.getBytesIn(), now);
            if (state.growing && now - state.since > patienceNanos) {
                endPoint.close();
            } else {
                current.put(endPoint, state);
            }
        }
        quiet = current;
    }

    private static Quiet next(@Nullable Quiet before, long requests, long bytes, long now) {
        if (before == null || before.requests != requests) {
            return new Quiet(requests, bytes, false, now);
        }
        return before.growing || before.bytes == bytes ? before : new Quiet(requests, bytes, true, now);
    }

    private static @Nullable Connection plain(@Nullable Connection connection) {
        return connection instanceof SslConnection encrypted
                ? encrypted.getSslEndPoint().getConnection()
                : connection;
    }
}
