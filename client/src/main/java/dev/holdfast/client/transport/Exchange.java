package dev.holdfast.client.transport;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its first attempt to its answer. The calling thread alone decides; the attempts report to its mailbox.
 *
 * <p>While one attempt is under way, two things may start another beside it. A read that is slower than nineteen of twenty at
 * its endpoint is *hedged* at another one that is well. And a read that has used half of its time goes to another one as a
 * retry, and the endpoint that is silent counts as failing; the first answer is taken, wherever it comes from.
 */
final class Exchange<T> {
    /** The longest that a server is told of. */
    private static final long LONGEST_MILLIS = 600_000;

    private static final int MOST_ATTEMPTS = 10;
    private static final long PAUSE_NANOS = 100_000_000;
    private static final long LONGEST_PAUSE_SECONDS = 60;

    private final Transport transport;
    private final Time time;
    private final Request request;
    private final BodyHandler<T> handler;
    private final Deadline deadline;
    private final Mailbox<Outcome<T>> mailbox;
    private final List<Attempt> running = new ArrayList<>(2);
    private final Set<Endpoint> tried = new HashSet<>();
    private int attempts;
    private long hedgeIn = Long.MAX_VALUE;
    private long impatientIn = Long.MAX_VALUE;
    private long planned;

    Exchange(Transport transport, Request request, BodyHandler<T> handler, Deadline deadline) {
        this.transport = transport;
        this.time = transport.time();
        this.request = request;
        this.handler = handler;
        this.deadline = deadline;
        this.mailbox = new Mailbox<>(time);
    }

    /** @throws TransportFailure when no whole answer came, and the last failure when several attempts failed */
    Response<T> run() throws TransportFailure, InterruptedException {
        try {
            begin(transport.endpoints().choose(tried, safe()), false);
            plan();
            while (true) {
                Outcome<T> outcome = mailbox.take(untilNext());
                if (outcome == null) {
                    overdue();
                } else if (running.remove(outcome.attempt()) && settled(outcome)) {
                    return outcome.orThrow();
                }
            }
        } finally {
            abandonAll();
        }
    }

    private boolean safe() {
        return request.repeat().harmless();
    }

    private void begin(Endpoint endpoint, boolean hedge) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(endpoint.base() + request.path()))
                .method(request.method(), request.body());
        request.headers().forEach(builder::setHeader);
        // What is left of the time now: the server does nothing for an attempt that nobody waits for any more.
        if (!request.headers().containsKey(Request.DEADLINE)) {
            long millis = Math.clamp(deadline.remaining() / 1_000_000, 0, LONGEST_MILLIS);
            builder.setHeader(Request.DEADLINE, Long.toString(millis));
        }
        tried.add(endpoint);
        attempts++;
        endpoint.begins();
        CompletableFuture<HttpResponse<T>> future = transport.http().sendAsync(builder.build(), handler);
        Attempt attempt = new Attempt(endpoint, time.nanos(), hedge, future);
        running.add(attempt);
        var _ = future.whenComplete((response, failure) -> mailbox.put(outcome(attempt, response, failure)));
    }

    private Outcome<T> outcome(Attempt attempt, @Nullable HttpResponse<T> response, @Nullable Throwable failure) {
        URI base = attempt.endpoint().base();
        if (response != null) {
            return new Outcome<>(
                    attempt, new Response<>(response.statusCode(), response.headers(), response.body(), base), null);
        }
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : java.util.Objects.requireNonNull(failure);
        boolean unsent = cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof SSLHandshakeException;
        return new Outcome<>(
                attempt,
                null,
                unsent ? new TransportFailure.Unreachable(base, cause) : new TransportFailure.Broken(base, cause));
    }

    /** When something is to be done though nothing has come. */
    private void plan() {
        planned = time.nanos();
        boolean alone = running.size() == 1 && safe();
        hedgeIn = alone && attempts == 1 ? running.getFirst().endpoint().slowNanos() : Long.MAX_VALUE;
        impatientIn = alone ? deadline.remaining() / 2 : Long.MAX_VALUE;
    }

    private long untilNext() {
        long next = Math.min(hedgeIn, impatientIn);
        long left = deadline.remaining();
        return next == Long.MAX_VALUE ? left : Math.min(left, next - (time.nanos() - planned));
    }

    private void overdue() throws TransportFailure {
        if (deadline.remaining() <= 0) {
            URI last = running.getLast().endpoint().base();
            running.forEach(attempt -> attempt.endpoint().failed());
            transport.counters().failures.increment();
            throw new TransportFailure.Late(last);
        }
        long waited = time.nanos() - planned;
        if (waited >= hedgeIn) {
            hedgeIn = Long.MAX_VALUE;
            Endpoint spare = transport.endpoints().spare(tried);
            if (spare != null && transport.spendHedge()) {
                transport.counters().hedges.increment();
                begin(spare, true);
            }
        }
        if (waited >= impatientIn) {
            impatientIn = Long.MAX_VALUE;
            running.forEach(attempt -> attempt.endpoint().failed());
            if (running.size() == 1 && attempts < MOST_ATTEMPTS && transport.spend(transport.retries())) {
                transport.counters().retries.increment();
                begin(transport.endpoints().choose(tried, true), false);
            }
        }
    }

    /** @return whether that is the end of the call */
    private boolean settled(Outcome<T> outcome) throws InterruptedException {
        note(outcome);
        if (!outcome.repeatable(request.repeat())) {
            return true;
        }
        if (!running.isEmpty()) {
            discard(outcome);
            return false;
        }
        Endpoint next = transport.endpoints().choose(tried, safe());
        // An endpoint that this call has not asked yet is asked at once.
        long pause = tried.contains(next) ? Math.max(0, next.waitNanos()) : 0;
        boolean waits = pause > 0 && (request.repeat() == Repeat.AT_ONCE || outcome.loop());
        if (waits
                || attempts >= MOST_ATTEMPTS
                || pause >= deadline.remaining()
                || !transport.spend(transport.retries())) {
            return true;
        }
        discard(outcome);
        pause(pause);
        transport.counters().retries.increment();
        begin(next, false);
        plan();
        return false;
    }

    private void note(Outcome<T> outcome) {
        Attempt attempt = outcome.attempt();
        Response<T> response = outcome.response();
        if (response == null || response.status() == 502 || outcome.loop()) {
            attempt.endpoint().failed();
        } else if (response.status() == 429 || response.status() == 503) {
            attempt.endpoint().refused(pauseAsked(response));
        } else {
            attempt.endpoint().good(time.nanos() - attempt.begun());
            if (attempt.hedge()) {
                transport.counters().hedgesWon.increment();
            }
        }
        if (response == null) {
            transport.counters().failures.increment();
        }
    }

    /** What the server asks for, and a little more at random, so that not all come back at once. */
    private long pauseAsked(Response<T> response) {
        long seconds = response.numberHeader("Retry-After").orElse(0);
        long asked = Math.clamp(seconds, 0, LONGEST_PAUSE_SECONDS) * 1_000_000_000;
        long spread = Math.max(asked / 4, PAUSE_NANOS);
        return asked + (long) (time.random() * spread);
    }

    private void pause(long nanos) throws InterruptedException {
        long end = time.nanos() + nanos;
        for (long left = nanos; left > 0; left = end - time.nanos()) {
            mailbox.take(left);
        }
    }

    private void abandonAll() {
        long now = time.nanos();
        for (Attempt attempt : running) {
            attempt.endpoint().abandoned(now - attempt.begun());
            attempt.future().cancel(true);
        }
    }

    private static void discard(Outcome<?> outcome) {
        if (outcome.response() != null && outcome.response().body() instanceof Closeable stream) {
            try {
                stream.close();
            } catch (IOException _) {
                // It is thrown away.
            }
        }
    }
}
