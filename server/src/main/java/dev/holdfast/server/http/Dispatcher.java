package dev.holdfast.server.http;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Hands each request to its door, on a thread of its own. {@link #handle} itself runs on the I/O thread and never blocks, so
 * that answers which are in memory can be given there.
 */
final class Dispatcher extends Handler.Abstract.NonBlocking {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final List<Door> doors;
    private final Executor threads;
    private final CallContext context;
    private final RequestIds ids;
    private final AtomicInteger underWay = new AtomicInteger();

    Dispatcher(List<Door> doors, Executor threads, CallContext context, RequestIds ids) {
        this.doors = doors;
        this.threads = threads;
        this.context = context;
        this.ids = ids;
    }

    /** Calls whose answers are not yet sent. */
    int underWay() {
        return underWay.get();
    }

    /** Counts a call once as one that is no longer under way. */
    private static final class Leave implements Runnable {
        private final AtomicInteger underWay;
        private final AtomicBoolean left = new AtomicBoolean();

        Leave(AtomicInteger underWay) {
            this.underWay = underWay;
        }

        @Override
        public void run() {
            if (left.compareAndSet(false, true)) {
                underWay.decrementAndGet();
            }
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        long came = context.time().nanos();
        int busy = underWay.incrementAndGet();
        Leave leave = new Leave(underWay);
        Callback counted = Callback.from(callback, leave);
        Call call = new Call(request, response, counted, context, ids.next(), leave);
        Door door = claimant(call);
        if (door != null && busy <= context.limits().calls() && atOnce(door, call)) {
            return true;
        }
        try {
            threads.execute(() -> run(call, door, came, busy > context.limits().calls()));
        } catch (RejectedExecutionException stopped) {
            call.abandon(stopped);
        }
        return true;
    }

    private static boolean atOnce(Door door, Call call) {
        try {
            return call.tryAtOnce(door);
        } catch (RuntimeException failure) {
            fail(door, call, failure);
            return true;
        }
    }

    private void run(Call call, @Nullable Door door, long came, boolean tooMany) {
        MDC.put("request", call.id());
        try {
            if (door == null) {
                PlainError.refuse(call, 404, "not-found", "There is nothing at this path.");
            } else if (tooMany) {
                call.answerHeader("Retry-After", "1");
                door.refuse(call, 503, "The server has as many requests under way as it bears; try again.");
            } else {
                answerInTime(door, call, came);
            }
        } catch (Throwable failure) {
            fail(null, call, failure);
        } finally {
            call.giveBackMemory();
            MDC.remove("request");
        }
    }

    private @Nullable Door claimant(Call call) {
        for (Door door : doors) {
            if (door.claims(call)) {
                return door;
            }
        }
        return null;
    }

    /** Tells all that is done for the call until when it is waited for. */
    private void answerInTime(Door door, Call call, long came) {
        OptionalLong until;
        try {
            until = TimeLeft.until(call, came);
        } catch (IllegalArgumentException wrong) {
            door.refuse(call, 400, String.valueOf(wrong.getMessage()));
            return;
        }
        if (until.isEmpty()) {
            answer(door, call);
            return;
        }
        dev.holdfast.engine.replication.Request.until(until.getAsLong()).serve(() -> {
            answer(door, call);
            return call;
        });
    }

    private void answer(Door door, Call call) {
        try {
            door.answer(call);
            if (!call.answered()) {
                throw new IllegalStateException("the door did not answer");
            }
        } catch (BodyFault.Broken broken) {
            call.abandonBroken(broken);
        } catch (BodyFault fault) {
            if (fault instanceof BodyFault.Crowded) {
                call.answerHeader("Retry-After", "1");
            }
            door.refuse(call, fault.status(), String.valueOf(fault.getMessage()));
        } catch (Throwable failure) {
            fail(door, call, failure);
        }
    }

    private static void fail(@Nullable Door door, Call call, Throwable failure) {
        LOG.error("Request {} ({}) failed", call.id(), call.method(), failure);
        if (call.answered()) {
            return;
        }
        String sentence = "The server has a fault; its log has the details under request " + call.id() + ".";
        if (door == null) {
            PlainError.refuse(call, 500, "internal", sentence);
        } else {
            door.refuse(call, 500, sentence);
        }
    }
}
