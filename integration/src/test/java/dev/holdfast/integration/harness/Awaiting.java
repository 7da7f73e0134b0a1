package dev.holdfast.integration.harness;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;

/** Waits for what another process comes to, by looking at it again and again. */
public final class Awaiting {
    private static final long POLL_MILLIS = 20;

    private Awaiting() {}

    /** What was seen when it was as wanted. Fails with what was seen last when it is not so in time. */
    public static <T> T until(Duration within, String wanted, Supplier<T> look, Predicate<T> is)
            throws InterruptedException {
        long begin = System.nanoTime();
        T seen = look.get();
        while (!is.test(seen)) {
            Assertions.assertThat(System.nanoTime() - begin)
                    .as("ns waited until %s; there is %s", wanted, seen)
                    .isLessThan(within.toNanos());
            Thread.sleep(POLL_MILLIS);
            seen = look.get();
        }
        return seen;
    }
}
