package dev.holdfast.server.http;

import dev.holdfast.engine.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One port on which doors are mounted: HTTP/1.1 and HTTP/2, in the clear or over TLS.
 *
 * <p>Thread-safe, but for {@link #start} and {@link #stop}, which one thread calls in this order.
 */
public final class HttpServer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int CONCURRENT_STREAMS = 128;
    private static final long SWEEP_NANOS = 1_000_000_000;

    private final Listener listener;
    private final HttpLimits limits;
    private final Time time;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final RawTargets targets = new RawTargets();
    private final Streams streams;
    private final Dispatcher dispatcher;
    private final Server server;
    private final ServerConnector connector;
    private final SslContextFactory.Server tls = new SslContextFactory.Server();

    /** @param doors in the order in which they are asked */
    public HttpServer(Listener listener, HttpLimits limits, List<Door> doors, Time time) {
        this.listener = listener;
        this.limits = limits;
        this.time = time;
        RequestIds ids = new RequestIds(time);
        streams = new Streams(limits.streams());
        CallContext context =
                new CallContext(time, limits, targets, new BodyMemory(limits.bodyBytes()), streams, stopping);
        dispatcher = new Dispatcher(List.copyOf(doors), listener.calls(), context, ids);
        QueuedThreadPool threads = new QueuedThreadPool(16, 4);
        threads.setName(listener.name());
        threads.setReservedThreads(0);
        server = new Server(threads);
        server.setHandler(dispatcher);
        server.setErrorHandler(new PlainError(ids));
        connector = connector();
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(limits.connections(), server));
    }

    private ServerConnector connector() {
        HttpConfiguration http = new HttpConfiguration();
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setRequestHeaderSize(limits.headBytes());
        http.setMaxResponseHeaderSize(limits.headBytes());
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRelativeRedirectAllowed(false);
        HttpConnectionFactory http1 = targets.connections(http);
        ServerConnector made = new ServerConnector(server, null, null, null, 1, -1, factories(http, http1));
        made.setHost(listener.host());
        made.setPort(listener.port());
        made.setIdleTimeout(limits.idle().toMillis());
        made.setAcceptQueueSize(1024);
        return made;
    }

    private ConnectionFactory[] factories(HttpConfiguration http, HttpConnectionFactory http1) {
        if (listener.tls() == null) {
            HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(http);
            http2.setMaxConcurrentStreams(CONCURRENT_STREAMS);
            return new ConnectionFactory[] {http1, http2};
        }
        // Tokens guard the doors, not names: a client may reach the server by any name its certificate check allows.
        http.addCustomizer(new SecureRequestCustomizer(false));
        HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(http);
        http2.setMaxConcurrentStreams(CONCURRENT_STREAMS);
        ALPNServerConnectionFactory negotiation = new ALPNServerConnectionFactory();
        negotiation.setDefaultProtocol(http1.getProtocol());
        tls.setSslContext(listener.tls());
        return new ConnectionFactory[] {
            new SslConnectionFactory(tls, negotiation.getProtocol()), negotiation, http2, http1
        };
    }

    /** @throws IOException with a sentence for people, when the address cannot be listened on */
    public void start() throws IOException {
        try {
            connector.open();
            server.start();
        } catch (Exception e) {
            stopJetty();
            String where = listener.host() + ":" + listener.port();
            throw new IOException("cannot listen on " + where + ": " + rootMessage(e), e);
        }
        time.fork(listener.name() + "-slow-heads", this::sweepSlowHeads);
    }

    /** Presents another certificate on connections that are made from now on; those that are open go on as they are. */
    public void present(SSLContext context) {
        try {
            tls.reload(factory -> factory.setSslContext(context));
        } catch (Exception e) {
            throw new IllegalStateException("a context that is made is not loaded", e);
        }
    }

    /** The port that is listened on; after {@link #start}. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Requests whose answers are not yet sent. */
    public int underWay() {
        return dispatcher.underWay();
    }

    /** Answers that are being written piece by piece. */
    public int streams() {
        return streams.open();
    }

    /** Accepts no more connections, ends what is written piece by piece, lets the requests under way finish for as long as {@code patience}, then closes. */
    public void stop(Duration patience) {
        stopping.set(true);
        // Its future waits for every idle connection too; only the requests under way matter.
        var _ = connector.shutdown();
        streams.end();
        long deadline = time.nanos() + patience.toNanos();
        try {
            while ((dispatcher.underWay() > 0 || streams.open() > 0) && time.nanos() - deadline < 0) {
                time.sleep(5_000_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (dispatcher.underWay() > 0) {
            LOG.warn("Stopping {} with {} requests under way", listener.name(), dispatcher.underWay());
        }
        stopJetty();
    }

    private void stopJetty() {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("Stopping {} was not clean", listener.name(), e);
        }
    }

    private void sweepSlowHeads() {
        SlowHeads slowHeads = new SlowHeads(connector, time, limits.head().toNanos());
        try {
            while (!stopping.get()) {
                time.sleep(Math.min(SWEEP_NANOS, limits.head().toNanos() / 4));
                slowHeads.sweep();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
