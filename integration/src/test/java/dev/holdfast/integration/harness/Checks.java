package dev.holdfast.integration.harness;

import dev.holdfast.cli.drill.Scans;
import dev.holdfast.cli.drill.Tally;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;

/** What holds whatever is done to a server. */
public final class Checks {
    private static final List<String> PROVIDERS = List.of("a", "b");
    private static final long POLL_MILLIS = 100;

    private Checks() {}

    /** Both providers end with the same rows, none of them damaged. */
    public static Scans.Comparison endsEqual(HoldfastServer server, String namespace, Duration within)
            throws InterruptedException {
        Scans scans = new Scans(server.control(), PROVIDERS, namespace);
        long begin = System.nanoTime();
        while (true) {
            Scans.Comparison comparison = scans.compare();
            if (comparison != null) {
                Assertions.assertThat(comparison.damaged())
                        .as("rows that cannot be decoded")
                        .isZero();
                if (comparison.equal()) {
                    return comparison;
                }
            }
            if (System.nanoTime() - begin > within.toNanos()) {
                throw new AssertionError("the providers are not equal after " + within + ": " + comparison + "\n"
                        + new Providers(server.control()).look());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    public static void noAnswerWasWrong(Tally tally) {
        Assertions.assertThat(tally.wrongExamples()).as("wrong answers").isEmpty();
        Assertions.assertThat(tally.wrongAnswers()).as("wrong answers").isZero();
    }

    public static void noRequestFailed(Tally tally) {
        Assertions.assertThat(tally.failures()).as("failed requests").isEmpty();
        Assertions.assertThat(tally.failed()).as("failed requests").isZero();
    }
}
