package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SimulateCommandTest extends CommandRuns {

    private JsonNode last(Ran ran) {
        return Json.MAPPER.readTree(ran.out().strip().lines().toList().getLast());
    }

    @Test
    void sameSeedsGiveTheSameDigestWhateverRunsBesideThem() {
        Ran one = run("simulate", "--from", "10", "--seeds", "4", "--jobs", "1", "--json");
        Ran two = run("simulate", "--from", "10", "--seeds", "4", "--jobs", "2", "--json");
        assertThat(one.exitCode()).isZero();
        assertThat(last(one).path("digest").stringValue())
                .hasSize(16)
                .isEqualTo(last(two).path("digest").stringValue());
        assertThat(last(one).path("seeds").asLong()).isEqualTo(4);
        assertThat(last(one).path("operations").asLong()).isPositive();
    }

    @Test
    void worldIsMadeAsWanted() {
        Ran ran = run(
                "simulate", "--seeds", "1", "--nodes", "2", "--providers", "3", "--faults", "cut", "--seconds", "2");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("1 seed, 0 failed").contains("Digest");
    }

    @Test
    void unknownFaultIsRefusedWithTheNearestOne() {
        Ran ran = run("simulate", "--faults", "stal");
        assertThat(ran.exitCode()).isEqualTo(Failure.USAGE);
        assertThat(ran.err()).contains("Did you mean stall?");
    }

    @Test
    void replaysAreListedAndAnUnknownOneIsRefused() {
        assertThat(run("replay").out()).contains("cf-2025-06-12", "unisuper-2024-deletion");
        Ran ran = run("replay", "cf-2025-06-13");
        assertThat(ran.exitCode()).isEqualTo(Failure.USAGE);
        assertThat(ran.err()).contains("did you mean cf-2025-06-12");
    }
}
