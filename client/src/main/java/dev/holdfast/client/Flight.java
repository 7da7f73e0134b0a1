package dev.holdfast.client;

import dev.holdfast.client.cache.Known;
import dev.holdfast.client.transport.Deadline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One question to the server that several readers of a key wait for together. */
final class Flight {
    private final CompletableFuture<Known> landing = new CompletableFuture<>();
    private final Deadline deadline;

    /** @param deadline by when it has landed, one way or the other */
    Flight(Deadline deadline) {
        this.deadline = deadline;
    }

    boolean landsBefore(Deadline other) {
        return !other.before(deadline);
    }

    void landed(Known known) {
        landing.complete(known);
    }

    void failed(RuntimeException failure) {
        landing.completeExceptionally(failure);
    }

    /** What the one who asked got; throws what it threw. */
    Known join() {
        try {
            return landing.get();
        } catch (InterruptedException interrupted) {
            throw Failures.ofReadInterrupted(interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof HoldfastException known
                    ? known
                    : new IllegalStateException(failed.getCause());
        }
    }
}
