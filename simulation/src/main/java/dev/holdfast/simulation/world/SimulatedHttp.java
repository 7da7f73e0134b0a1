package dev.holdfast.simulation.world;

import dev.holdfast.engine.time.Time;
import dev.holdfast.simulation.world.OriginFeed.Connection;
import dev.holdfast.simulation.world.Wire.Came;
import java.io.IOException;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** The HTTP of a process of the world: requests go over wires to origins, and come to the JDK's own readers of bodies. */
final class SimulatedHttp extends HttpClient {
    /** Longer than any call of the client waits. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final Map<URI, Wire> wires;
    private final Time time;
    private final OriginApi api;

    /**
     * @param wires the ways to the origins, by their addresses
     * @param time of the process
     */
    SimulatedHttp(Map<URI, Wire> wires, Time time, OriginApi api) {
        this.wires = Map.copyOf(wires);
        this.time = time;
        this.api = api;
    }

    /** The head of an answer. */
    private record Head(int statusCode, HttpHeaders headers) implements ResponseInfo {
        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }
    }

    private record Answered<T>(HttpRequest request, Head head, T body) implements HttpResponse<T> {
        @Override
        public int statusCode() {
            return head.statusCode();
        }

        @Override
        public HttpHeaders headers() {
            return head.headers();
        }

        @Override
        public URI uri() {
            return request.uri();
        }

        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }

        @Override
        public Optional<HttpResponse<T>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<javax.net.ssl.SSLSession> sslSession() {
            return Optional.empty();
        }
    }

    /** How much a reader of a body is ready to take. */
    private static final class Demand implements Flow.Subscription {
        private final Semaphore wanted = new Semaphore(0);
        private volatile boolean cancelled;

        @Override
        public void request(long n) {
            wanted.release((int) Math.min(n, 1 << 16));
        }

        @Override
        public void cancel() {
            cancelled = true;
            wanted.release();
        }

        /** @return false when the reader wants no more */
        boolean await() throws InterruptedException {
            wanted.acquire();
            return !cancelled;
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        CompletableFuture<HttpResponse<T>> future = new CompletableFuture<>();
        time.fork("http", () -> {
            try {
                exchange(request, handler, future);
            } catch (IOException broken) {
                future.completeExceptionally(broken);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts a connection", e);
            }
        });
        return future;
    }

    private <T> void exchange(HttpRequest request, BodyHandler<T> handler, CompletableFuture<HttpResponse<T>> future)
            throws IOException, InterruptedException {
        Wire wire = wires.get(
                URI.create(request.uri().getScheme() + "://" + request.uri().getAuthority()));
        if (wire == null) {
            throw new ConnectException("nobody is at " + request.uri());
        }
        OriginApi.Asked asked = new OriginApi.Asked(
                request.method(),
                request.uri().getRawPath(),
                Optional.ofNullable(request.uri().getRawQuery()).orElse(""),
                request.headers(),
                body(request));
        OriginApi.Reply reply = over(wire, running -> api.answer(running, asked));
        Head head = new Head(reply.status(), HttpHeaders.of(reply.headers(), (_, _) -> true));
        BodySubscriber<T> subscriber = handler.apply(head);
        Demand demand = new Demand();
        subscriber.onSubscribe(demand);
        subscriber.getBody().whenComplete((body, failure) -> {
            if (failure == null) {
                future.complete(new Answered<>(request, head, body));
            } else {
                future.completeExceptionally(failure);
            }
        });
        give(subscriber, demand, reply.body());
        Connection stream = reply.stream();
        while (stream != null) {
            Connection open = stream;
            OriginApi.Portion next;
            try {
                next = over(wire, running -> api.more(running, open));
            } catch (IOException broken) {
                subscriber.onError(broken);
                return;
            }
            stream = next.stream();
            if (!give(subscriber, demand, next.bytes())) {
                return;
            }
        }
        subscriber.onComplete();
    }

    /** @return false when the reader wants no more */
    private static boolean give(BodySubscriber<?> subscriber, Demand demand, byte[] bytes) throws InterruptedException {
        if (bytes.length == 0) {
            return !demand.cancelled;
        }
        if (!demand.await()) {
            return false;
        }
        subscriber.onNext(List.of(ByteBuffer.wrap(bytes)));
        return true;
    }

    private static <T> T over(Wire wire, java.util.function.Function<Serving, T> work) throws IOException {
        return switch (wire.call(work, PATIENCE_NANOS)) {
            case Came.Answered<T>(T answer) -> answer;
            case Came.Unreachable<T>() -> throw new ConnectException("nobody listens");
            case Came.Broken<T>() -> throw new IOException("the connection was reset");
            case Came.Late<T>() -> throw new IOException("the connection was silent for too long");
        };
    }

    private static byte[] body(HttpRequest request) {
        BodySubscriber<byte[]> all = HttpResponse.BodySubscribers.ofByteArray();
        request.bodyPublisher()
                .ifPresent(publisher -> publisher.subscribe(new Flow.Subscriber<>() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        all.onSubscribe(subscription);
                    }

                    @Override
                    public void onNext(ByteBuffer item) {
                        all.onNext(List.of(item));
                    }

                    @Override
                    public void onError(Throwable throwable) {
                        all.onError(throwable);
                    }

                    @Override
                    public void onComplete() {
                        all.onComplete();
                    }
                }));
        return request.bodyPublisher().isEmpty()
                ? new byte[0]
                : all.getBody().toCompletableFuture().join();
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushPromiseHandler) {
        return sendAsync(request, handler);
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
        return sendAsync(request, handler).join();
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return Optional.empty();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return Optional.empty();
    }

    @Override
    public Redirect followRedirects() {
        return Redirect.NEVER;
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return Optional.empty();
    }

    @Override
    public SSLContext sslContext() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public SSLParameters sslParameters() {
        return new SSLParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return Optional.empty();
    }

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }

    @Override
    public Optional<Executor> executor() {
        return Optional.empty();
    }
}
