package dev.holdfast.simulation.incident;

import static dev.holdfast.simulation.incident.WatchedNode.MILLI;
import static dev.holdfast.simulation.incident.WatchedNode.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.simulation.incident.IncidentStories.Noticed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What opens an incident, how soon, and how bad it is said to be; and that nothing opens one while all is well. */
class IncidentsTest {
    private static final int SEEDS = Integer.getInteger("incident.seeds", 5);
    private static final int HEALTHY = Integer.getInteger("incident.healthy", 2);

    /** Leaves the table in {@code target/detection.md}. */
    @Test
    void eachFaultThatTheOtherProviderMasksIsFoundWithinASecondOfItsFirstShowing() throws Exception {
        List<Noticed> noticed = new ArrayList<>();
        List<String> wrong = IncidentStories.faults(EnumSet.allOf(FaultMode.class), SEEDS, noticed);
        StringBuilder table = new StringBuilder("| mode | found after, ms | as |\n| --- | --- | --- |\n");
        for (FaultMode mode : FaultMode.values()) {
            List<Noticed> of =
                    noticed.stream().filter(each -> each.mode() == mode).toList();
            long least = of.stream().mapToLong(Noticed::nanos).min().orElse(-1);
            long most = of.stream().mapToLong(Noticed::nanos).max().orElse(-1);
            table.append("| ")
                    .append(mode.label())
                    .append(" | ")
                    .append(least / MILLI)
                    .append(" to ")
                    .append(most / MILLI)
                    .append(" | ")
                    .append(of.isEmpty() ? "" : of.getFirst().as())
                    .append(" |\n");
        }
        Files.writeString(Path.of("target/detection.md"), table);
        assertThat(wrong).isEmpty();
    }

    @Test
    void aLieOfTheLastProviderLeftIsFoundWithinASecond() {
        assertThat(IncidentStories.aLieOfTheLastOneLeft()).isEmpty();
    }

    @Test
    void aProviderThatIsTakenToBeWellAndIsNotIsFound() {
        assertThat(IncidentStories.greyFailures()).isEmpty();
    }

    @Test
    void theSameIsWorseWhereMoreDependOnItAndIsRatedWithinFiveSeconds() {
        assertThat(IncidentStories.severities()).isEmpty();
    }

    @Test
    void alarmsOfOneCauseAreOneIncidentAlsoWhenItComesBack() {
        assertThat(IncidentStories.oneCauseIsOneIncident()).isEmpty();
    }

    @Test
    void whatIsKnownOfAnIncidentOutlivesKillMinusNine() {
        assertThat(IncidentStories.aNodeThatDies()).isEmpty();
    }

    @Test
    void nothingIsWrongInHalfAnHourWithPausesRestartsClockStepsAndTenTimesTheLoad() {
        for (long seed = 0; seed < HEALTHY; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            WatchedNode.live(seed, 20, node -> {
                long end = node.scheduler.now() + 1_800 * SECOND;
                for (int i = 0; node.scheduler.now() < end; i++) {
                    node.load(i % 60 < 12 ? 200 : 20);
                    node.world.park(random.nextLong(5 * SECOND));
                    node.pause((50 + random.nextInt(450)) * MILLI);
                    node.world.park(2 * SECOND + random.nextLong(SECOND));
                    if (i % 90 == 45) {
                        node.skew(random.nextInt(400) - 200L);
                    }
                    if (i % 150 == 149) {
                        node.crash();
                        node.world.park(3 * SECOND);
                        node.start();
                    }
                }
                assertThat(node.told.stream()
                                .map(told ->
                                        told.at() / SECOND + " s " + told.now().severity() + " "
                                                + told.now().alarms().getLast().evidence()))
                        .isEmpty();
            });
        }
    }
}
