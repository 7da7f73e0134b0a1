package dev.holdfast.client;

import dev.holdfast.client.cache.CacheStatistics;
import dev.holdfast.client.cache.NearCache;
import dev.holdfast.client.transport.Time;
import dev.holdfast.client.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A client of Holdfast's native API. One is enough for a whole application: it is thread-safe, keeps its connections, and
 * blocks the calling thread, which may be a virtual one, until there is an answer or the deadline has passed.
 */
public final class Holdfast implements AutoCloseable {
    private final Transport transport;
    private final Calls calls;
    private final @Nullable NearCache cache;
    private final Reading reading;
    private final Writing writing;
    private final Duration deadline;
    private final boolean follow;
    private final ConcurrentHashMap<String, Follower> followers = new ConcurrentHashMap<>();
    private final LongAdder changes = new LongAdder();
    private final LongAdder gaps = new LongAdder();

    private Holdfast(Builder builder, @Nullable NearCache cache) {
        this.transport = builder.transport();
        this.calls = new Calls(transport, builder.token);
        this.cache = cache;
        Written written = new Written();
        this.reading = new Reading(calls, cache, written, builder.onOutage);
        this.writing = new Writing(calls, cache, written, reading);
        this.deadline = builder.deadline;
        this.follow = builder.follow;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * A namespace, by its title or its id. Nothing is asked yet, so it need not exist and no server need answer. Always use the
     * same one of the two: the near cache keeps what is read by title apart from what is read by id.
     */
    public Namespace namespace(String titleOrId) {
        if (follow && cache != null) {
            NearCache followed = cache;
            followers.computeIfAbsent(titleOrId, name -> new Follower(calls, followed, name, changes, gaps));
        }
        return new Namespace(this, titleOrId, deadline);
    }

    public Statistics statistics() {
        return new Statistics(
                transport.statistics(),
                cache == null ? new CacheStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0) : cache.statistics(),
                reading.shared(),
                reading.lastKnownGood(),
                changes.sum(),
                gaps.sum());
    }

    Calls calls() {
        return calls;
    }

    Reading reading() {
        return reading;
    }

    Writing writing() {
        return writing;
    }

    /** Ends calls and watches under way. What is kept on disk stays there. */
    @Override
    public void close() {
        followers.values().forEach(Follower::close);
        transport.close();
        if (cache != null) {
            try {
                cache.close();
            } catch (IOException _) {
                // Everything was written when it was learned.
            }
        }
    }

    /** How a client is to be. Only an endpoint is needed. */
    public static final class Builder {
        private static final long MOST_MEMORY = 64L << 20;

        private final List<URI> endpoints = new ArrayList<>();
        private Supplier<String> token = () -> "";
        private HttpClient.Version version = HttpClient.Version.HTTP_1_1;
        private @Nullable SSLContext trust;
        private Duration connect = Duration.ofSeconds(2);
        private Duration deadline = Duration.ofSeconds(10);
        private Duration refreshAfter = Duration.ofSeconds(60);
        private OnOutage onOutage = OnOutage.stale(Duration.ofDays(7));
        private long cacheBytes;
        private @Nullable Path folder;
        private boolean follow;
        private @Nullable HttpClient http;
        private Time time = Time.system();

        private Builder() {}

        /** A server's data port, such as {@code http://127.0.0.1:4653}. Several are tried in the order they are given in. */
        public Builder endpoint(URI base) {
            String text = base.toString();
            endpoints.add(text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : base);
            return this;
        }

        public Builder token(String text) {
            return token(() -> text);
        }

        /** Asked before each request, for tokens that change. */
        public Builder token(Supplier<String> current) {
            token = current;
            return this;
        }

        /** HTTP/1.1 unless told otherwise. */
        public Builder version(HttpClient.Version http) {
            version = http;
            return this;
        }

        /** Whom to believe on https; the JDK's authorities unless told otherwise. */
        public Builder trust(SSLContext authorities) {
            trust = authorities;
            return this;
        }

        /** The longest a connection may take to be made; 2 seconds unless told otherwise. */
        public Builder connect(Duration longest) {
            connect = longest;
            return this;
        }

        /** The longest a call may take, retries and all; 10 seconds unless told otherwise. */
        public Builder deadline(Duration longest) {
            deadline = longest;
            return this;
        }

        /** Keeps what is read and written near, in memory. */
        public Builder nearCache(long maxBytes) {
            cacheBytes = maxBytes;
            folder = null;
            return this;
        }

        /**
         * Keeps it on disk, too, so that a process that is started during an outage has something to answer.
         *
         * @param directory for this client alone, and for this store alone; whoever can read it can read what is kept
         * @param maxBytes on disk; in memory it is a quarter of that, and 64 MiB at most
         */
        public Builder nearCache(Path directory, long maxBytes) {
            cacheBytes = maxBytes;
            folder = directory;
            return this;
        }

        /** How old a near answer may be that is given without asking; 60 seconds unless told otherwise. */
        public Builder refreshAfter(Duration age) {
            refreshAfter = age;
            return this;
        }

        /** What is answered when it is time to ask and nobody answers; what is up to 7 days old unless told otherwise. */
        public Builder onOutage(OnOutage policy) {
            onOutage = policy;
            return this;
        }

        /** Keeps the near cache up with the changes at the server, by one watch for each namespace that is used. */
        public Builder followChanges() {
            follow = true;
            return this;
        }

        /**
         * Sends by this, which others may use too, and which the caller closes; for proxies, say, or in tests. It decides on version,
         * trust and connecting then.
         */
        public Builder http(HttpClient client) {
            http = client;
            return this;
        }

        /** Lives by another clock than the JDK's; for tests. */
        public Builder time(Time other) {
            time = other;
            return this;
        }

        /** @throws UncheckedIOException when the folder of the near cache can't be used */
        public Holdfast build() {
            if (endpoints.isEmpty()) {
                throw new IllegalStateException("say where a server is: endpoint(URI)");
            }
            try {
                return new Holdfast(this, cache());
            } catch (IOException unusable) {
                throw new UncheckedIOException(unusable);
            }
        }

        private Transport transport() {
            HttpClient given = http;
            return given == null
                    ? new Transport(new Transport.Config(endpoints, version, trust, connect), time)
                    : new Transport(endpoints, time, given);
        }

        private @Nullable NearCache cache() throws IOException {
            if (cacheBytes == 0) {
                return null;
            }
            Path directory = folder;
            return directory == null
                    ? new NearCache(time, refreshAfter, cacheBytes)
                    : new NearCache(time, refreshAfter, Math.min(cacheBytes / 4, MOST_MEMORY), directory, cacheBytes);
        }
    }
}
