package dev.holdfast.integration.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.integration.harness.Profile;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cold start of {@code holdfast replay cold-start} on real processes, smaller still: an origin over providers that serve so many calls a
 * second and no more, and two edges, all killed under load with what they had near, and started again.
 */
class ColdStartTest {
    /** Beyond twice the load that was borne: a second's calls more or less at either end of ten, and what the start itself compares. */
    private static final double MOST_LOAD = 2.2;

    private static final ColdStartPlan PLAN = Profile.LONG
            ? new ColdStartPlan(500, new int[] {60, 120, 240, 180}, 120, 70, 240, 60)
            : new ColdStartPlan(500, new int[] {20, 40, 80, 60}, 40, 65, 60, 20);

    @TempDir
    private Path directory;

    @Test
    void allTiersComeBackByThemselvesAndTheProvidersAreAskedForNoMoreThanTwiceWhatTheyHaveBorne() throws Exception {
        ColdStartRun run =
                run("as it ships", Map.of("HOLDFAST_RECOVERY_MIN_LOAD", "1", "HOLDFAST_ADMISSION_MIN_CALLS", "4"));
        for (int tier = 0; tier < PLAN.keys().length; tier++) {
            assertThat(run.back(tier))
                    .as("seconds until tier " + tier + " is back")
                    .isNotNegative();
        }
        assertThat(run.loadAfter() / run.loadBefore()).as("load").isLessThanOrEqualTo(MOST_LOAD);
        assertThat(run.shareAtTheEnd()).as("answered in the end").isGreaterThanOrEqualTo(0.99);
    }

    /** Otherwise the world would be too kind to show anything. */
    @Test
    @EnabledIfSystemProperty(named = "long", matches = "true")
    void withoutBoundsTheSameTakesMoreOfTheProviders() throws Exception {
        ColdStartRun run = run(
                "without bounds", Map.of("HOLDFAST_RECOVERY_MAX_LOAD", "0", "HOLDFAST_ADMISSION_MIN_CALLS", "4096"));
        assertThat(run.loadAfter() / run.loadBefore()).as("load").isGreaterThan(MOST_LOAD);
    }

    private ColdStartRun run(String name, Map<String, String> variables) throws Exception {
        ColdStartRun run = new ColdStartRun(PLAN, variables);
        run.play(directory.resolve(name.replace(' ', '-')));
        System.out.println("cold start, " + name + ": " + run);
        return run;
    }
}
