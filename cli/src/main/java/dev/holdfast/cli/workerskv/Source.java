package dev.holdfast.cli.workerskv;

import dev.holdfast.cli.http.Failure;
import dev.holdfast.server.workerskv.Content;
import dev.holdfast.server.workerskv.Pace;
import dev.holdfast.server.workerskv.WorkersKv;
import dev.holdfast.server.workerskv.WorkersKv.Bare;
import dev.holdfast.server.workerskv.WorkersKv.Listed;
import dev.holdfast.server.workerskv.WorkersKv.Page;
import dev.holdfast.server.workerskv.WorkersKv.Titled;
import dev.holdfast.server.workerskv.WorkersKvFault;
import dev.holdfast.server.workerskv.WorkersKvFault.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads from Workers KV at the pace it allows. What may be answered later is asked again; what will not be is a {@link Failure}. Thread-safe.
 */
public final class Source {
    /** How long one request is tried for; being told to come later does not count. */
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final long FIRST_PAUSE_MILLIS = 250;

    private final WorkersKv there;
    private final Pace pace;
    private final Consumer<String> remark;
    private final LongAdder requests = new LongAdder();
    private final LongAdder limited = new LongAdder();
    private final AtomicBoolean told = new AtomicBoolean();

    public Source(WorkersKv there, Pace pace, Consumer<String> remark) {
        this.there = there;
        this.pace = pace;
        this.remark = remark;
    }

    public List<Titled> namespaces() throws InterruptedException {
        return asked(there::namespaces);
    }

    /** @return empty when the cursor is not known any more */
    Optional<Page> keys(String namespace, String prefix, @Nullable String cursor) throws InterruptedException {
        return asked(() -> {
            try {
                return Optional.of(there.keys(namespace, prefix, cursor));
            } catch (WorkersKvFault fault) {
                if (fault.kind() == Kind.BAD_CURSOR && cursor != null) {
                    return Optional.empty();
                }
                throw fault;
            }
        });
    }

    /** @return empty when there is no such key now */
    Optional<Content> value(String namespace, Listed key) throws InterruptedException {
        Optional<Bare> bare = asked(() -> there.value(namespace, key.key()));
        if (bare.isEmpty()) {
            return Optional.empty();
        }
        boolean asListed = bare.get().expiration() == key.expiration();
        byte[] metadata = asListed ? key.metadata() : asked(() -> there.metadata(namespace, key.key()));
        return Optional.of(new Content(bare.get().value(), metadata, bare.get().expiration()));
    }

    /** @return those that are text; none when it does not give many at once */
    Map<String, Content> texts(String namespace, List<String> keys) throws InterruptedException {
        return asked(() -> {
            try {
                return there.texts(namespace, keys);
            } catch (WorkersKvFault fault) {
                if (fault.kind() == Kind.TOO_LARGE || fault.kind() == Kind.STRANGE) {
                    return Map.of();
                }
                throw fault;
            }
        });
    }

    /** Requests so far. */
    public long requests() {
        return requests.sum();
    }

    /** How many of them were answered with "too many". */
    public long limited() {
        return limited.sum();
    }

    private interface Call<T> {
        T make() throws WorkersKvFault, InterruptedException;
    }

    private <T> T asked(Call<T> call) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            pace.take();
            requests.increment();
            try {
                return call.make();
            } catch (WorkersKvFault fault) {
                long rest = Math.max(pause, fault.retrySeconds() * 1_000);
                if (fault.kind() == Kind.BUSY) {
                    limited.increment();
                    pace.rest(TimeUnit.MILLISECONDS.toNanos(rest));
                    deadline = System.nanoTime() + PATIENCE_NANOS;
                } else if (!fault.passes() || System.nanoTime() - deadline >= 0) {
                    throw new Failure(code(fault), sentence(fault), fault);
                } else {
                    Thread.sleep(rest);
                }
                if (told.compareAndSet(false, true)) {
                    remark.accept("Workers KV: " + fault.getMessage() + ". Going on slower, or when it is back.");
                }
            }
        }
    }

    private static int code(WorkersKvFault fault) {
        return fault.kind() == Kind.AWAY ? Failure.NOT_REACHABLE : Failure.FAILED;
    }

    private static String sentence(WorkersKvFault fault) {
        String said = "Workers KV: " + fault.getMessage() + ".";
        return switch (fault.kind()) {
            case DENIED ->
                said
                        + "\n"
                        + "The API token has expired, or lacks \"Workers KV Storage Read\" for this account. With"
                        + " another one, run this again: it goes on.";
            case NO_NAMESPACE -> said + "\nIs that the account, and is the namespace there?";
            default -> said;
        };
    }
}
