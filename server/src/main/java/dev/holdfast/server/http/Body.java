package dev.holdfast.server.http;

import dev.holdfast.engine.time.Time;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;

/** Reads the body of one request, within limits of size, memory and patience. Used by one thread. */
final class Body {
    /** Bodies up to here are not worth counting against the memory for bodies. */
    private static final int SMALL = 64 * 1024;
    /** How far past its limit a streamed body is counted, so that the refusal can tell its length. */
    private static final long COUNTED_BEYOND = 100_000_000;

    private static final byte[] EMPTY = {};

    private final Request request;
    private final Time time;
    private final HttpLimits limits;
    private final BodyMemory memory;
    private long held;
    private boolean ended;
    /** Whether Jetty owes a call-back; it bears one demand at a time, which a time-out here does not take back. */
    private volatile boolean demanded;

    Body(Request request, Time time, HttpLimits limits, BodyMemory memory) {
        this.request = request;
        this.time = time;
        this.limits = limits;
        this.memory = memory;
    }

    /** Bytes as declared; -1 when the body is streamed or there is none. */
    long declared() {
        return request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    }

    /** Whether the client may still be sending. */
    boolean unread() {
        return !ended && (declared() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
    }

    byte[] read(int limit) throws BodyFault {
        long declared = declared();
        if (declared > limit) {
            throw new BodyFault.TooLarge(declared, limit);
        }
        byte[] bytes = EMPTY;
        int length = 0;
        long begin = time.nanos();
        while (true) {
            Content.Chunk chunk = next(begin, length);
            try {
                int more = chunk.remaining();
                if (length + (long) more > limit) {
                    throw new BodyFault.TooLarge(count(chunk, length, limit), limit);
                }
                if (length + more > bytes.length) {
                    bytes = grown(bytes, length, length + more, declared < 0 ? limit : declared);
                }
                chunk.getByteBuffer().get(bytes, length, more);
                length += more;
                if (chunk.isLast()) {
                    ended = true;
                    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
                }
            } finally {
                chunk.release();
            }
        }
    }

    private byte[] grown(byte[] bytes, int length, int needed, long most) throws BodyFault.Crowded {
        // What is declared is not believed beyond a first step: memory is given for what has come.
        long size = Math.min(most, Math.max(needed, Math.max(SMALL, 2L * bytes.length)));
        if (size > SMALL) {
            long more = size - held;
            if (!memory.take(more)) {
                throw new BodyFault.Crowded();
            }
            held += more;
        }
        return length == 0 ? new byte[(int) size] : Arrays.copyOf(bytes, (int) size);
    }

    private long count(Content.Chunk over, long before, int limit) throws BodyFault {
        long length = before + over.remaining();
        boolean last = over.isLast();
        long begin = time.nanos();
        while (!last && length < limit + COUNTED_BEYOND) {
            Content.Chunk chunk = next(begin, length - before);
            length += chunk.remaining();
            last = chunk.isLast();
            chunk.release();
        }
        ended = last;
        return length;
    }

    /**
     * Takes what the client still sends and forgets it, so that it comes to read the answer.
     *
     * @param patienceNanos how long nothing may come; the whole is limited as any body is
     */
    void forget(long patienceNanos) {
        long begin = time.nanos();
        long received = 0;
        while (!ended && received < COUNTED_BEYOND) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                long deadline = deadline(begin, received);
                long silence = time.nanos() + patienceNanos;
                if (!await(silence - deadline < 0 ? silence : deadline)) {
                    return;
                }
            } else {
                ended = chunk.isLast() || Content.Chunk.isFailure(chunk);
                received += chunk.remaining();
                chunk.release();
            }
        }
    }

    void giveBack() {
        memory.giveBack(held);
        held = 0;
    }

    /** The next chunk, not a failure; the caller releases it. */
    private Content.Chunk next(long begin, long received) throws BodyFault {
        long deadline = deadline(begin, received);
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                if (!await(deadline)) {
                    throw new BodyFault.TooSlow();
                }
            } else if (Content.Chunk.isFailure(chunk)) {
                ended = true;
                throw chunk.getFailure() instanceof TimeoutException ? new BodyFault.TooSlow() : new BodyFault.Broken();
            } else {
                return chunk;
            }
        }
    }

    /** Until when the next bytes of a body must come of which {@code received} have. */
    private long deadline(long begin, long received) {
        long earned = (long) (received * 1e9 / limits.bodyBytesPerSecond());
        return begin + limits.bodyGrace().toNanos() + earned;
    }

    private boolean await(long deadline) {
        if (!demanded) {
            demanded = true;
            Thread waiter = Thread.currentThread();
            request.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, () -> {
                demanded = false;
                LockSupport.unpark(waiter);
            }));
        }
        while (demanded) {
            long left = deadline - time.nanos();
            if (left <= 0) {
                return false;
            }
            time.park(left);
        }
        return true;
    }
}
