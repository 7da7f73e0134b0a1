package dev.holdfast.server.http;

import dev.holdfast.engine.time.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is written piece by piece, for as long as the client stays. The thread that began it is interrupted when the
 * server stops. Belongs to that thread.
 */
public final class AnswerStream implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final Response response;
    private final Callback callback;
    private final Time time;
    private final long patienceNanos;
    private boolean ended;

    /** @param patienceNanos how long the client may take for one piece */
    AnswerStream(Response response, Callback callback, Time time, long patienceNanos) {
        this.response = response;
        this.callback = callback;
        this.time = time;
        this.patienceNanos = patienceNanos;
    }

    /** One piece on its way. */
    private static final class Written implements Callback {
        private final Thread waiter = Thread.currentThread();
        private volatile boolean done;
        private volatile @Nullable Throwable failure;

        @Override
        public void succeeded() {
            done = true;
            LockSupport.unpark(waiter);
        }

        @Override
        public void failed(Throwable why) {
            failure = why;
            succeeded();
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    /**
     * Sends a piece, and returns once the network has taken it.
     *
     * @param content not to be written to afterwards
     * @throws IOException when the client is gone, or takes nothing any more; the answer has ended then
     * @throws InterruptedException when the answer should end
     */
    public void write(byte[] content) throws IOException, InterruptedException {
        Written written = new Written();
        response.write(false, ByteBuffer.wrap(content), written);
        long deadline = time.nanos() + patienceNanos;
        while (!written.done) {
            long left = deadline - time.nanos();
            if (Thread.interrupted()) {
                give(new InterruptedException("the server stops"));
                throw new InterruptedException();
            }
            if (left <= 0) {
                give(new TimeoutException("the client takes nothing any more"));
                throw new IOException("the client takes nothing any more");
            }
            time.park(left);
        }
        Throwable failure = written.failure;
        if (failure != null) {
            give(failure);
            throw new IOException("the client is gone", failure);
        }
    }

    /** Gives it up, in the middle of a piece. */
    private void give(Throwable why) {
        if (!ended) {
            ended = true;
            callback.failed(why);
        }
    }

    /** Ends it, as one that is whole. */
    @Override
    public void close() {
        if (!ended) {
            ended = true;
            response.write(true, ByteBuffer.wrap(NOTHING), callback);
        }
    }
}
