package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.v1.Restoring;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps imports out of the namespace for as long as a restore into it is under way, by a mark that is renewed. Used by one thread. */
final class Claim {
    private static final long RENEW_NANOS = Duration.ofMinutes(1).toNanos();
    /** Well before it lapses for others, whose clocks may be ahead. */
    private static final long TRUSTED_NANOS = Restoring.LASTS.toNanos() / 2;

    private final Restoring restoring;
    private final NamespaceId into;
    private final String node;
    private final Time time;
    private volatile long renewedAt;
    private @Nullable Thread renewing;

    Claim(Restoring restoring, NamespaceId into, String node, Time time) {
        this.restoring = restoring;
        this.into = into;
        this.node = node;
        this.time = time;
    }

    /** @param resumed whether it goes on with a restore that has begun before */
    void begin(boolean resumed) throws Refusal {
        Optional<Boolean> before = resumed ? restoring.marked(into) : Optional.of(true);
        if (before.isEmpty()) {
            throw new Refusal(
                    "Nobody can say now whether an import has begun since the restore was broken off. Try again.");
        }
        if (!before.get()) {
            throw new Refusal(
                    "An import into the namespace has begun since the restore was broken off, and to go on would undo"
                            + " what it has written. --anew begins again, and undoes that too. Nothing was written.");
        }
        if (!renew()) {
            throw new Refusal("No provider takes the mark that keeps imports out meanwhile. Try again. Nothing was"
                    + " written.");
        }
        renewing = Background.start(time, "restore-mark", () -> {
            renew();
            return RENEW_NANOS;
        });
    }

    private boolean renew() {
        long now = time.nanos();
        boolean kept = restoring.mark(into, node);
        if (kept) {
            renewedAt = now;
        }
        return kept;
    }

    /** @throws IOException when an import may have begun, since the mark could not be renewed for long */
    void require() throws IOException {
        if (time.nanos() - renewedAt > TRUSTED_NANOS) {
            throw new IOException("The mark that keeps imports out could not be renewed for five minutes.");
        }
    }

    /** @param done whether it is at its end, and not to be gone on with */
    void end(boolean done) {
        // Also when it was stopped, or the mark would keep imports out for its whole time.
        boolean interrupted = Thread.interrupted();
        try {
            Background.end(renewing);
            renewing = null;
            if (done) {
                restoring.end(into, node);
            } else {
                restoring.lapse(into, node);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
