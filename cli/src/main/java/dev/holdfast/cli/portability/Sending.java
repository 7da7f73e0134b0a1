package dev.holdfast.cli.portability;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.TransportFailure;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends what may be sent again, until it is answered.
 *
 * @param remark is told of what goes wrong and is tried again
 */
public record Sending(Api store, Consumer<String> remark) {
    /** How long a request is tried for. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final long FIRST_PAUSE_MILLIS = 250;

    /**
     * @return the answer, which says neither that the server is busy nor that a provider is away
     * @throws Failure when there is none for a minute
     */
    public Reply answered(String method, String path, Map<String, String> headers, byte[] body)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            String why;
            int code = Failure.FAILED;
            try {
                Reply reply = store.exchange(method, path, headers, BodyPublishers.ofByteArray(body));
                if (reply.status() != 503 && reply.status() != 429 && reply.status() != 504) {
                    return reply;
                }
                why = reply.problem().message();
                pause = Math.max(pause, reply.numberHeader("retry-after").orElse(0) * 1_000);
            } catch (TransportFailure broken) {
                why = "No answer from " + store.base() + ".";
                code = Failure.NOT_REACHABLE;
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new Failure(code, why);
            }
            if (pause == FIRST_PAUSE_MILLIS) {
                remark.accept(why + " Trying again.");
            }
            Thread.sleep(Math.min(pause, LONGEST_PAUSE_MILLIS));
            pause *= 2;
        }
    }
}
