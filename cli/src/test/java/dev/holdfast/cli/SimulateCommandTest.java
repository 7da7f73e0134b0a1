package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.simulation.world.Trouble;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        assertThat(ran.out())
                .contains("1 seed, 0 failed")
                .contains("virtual seconds")
                .contains("Digest of all seeds: ");
    }

    @Test
    void unknownFaultIsRefusedWithTheNearestOneAndAll() {
        Ran ran = run("simulate", "--faults", "stal");
        assertThat(ran.exitCode()).isEqualTo(Failure.USAGE);
        assertThat(ran.err()).contains("Did you mean stall?").contains("provider-crash, cut, suspended");
    }

    @Test
    void faultsAreKnownHoweverTheyAreSpelled() {
        Ran ran = run("simulate", "--seeds", "1", "--seconds", "1", "--faults", " ROLL_BACK, Cut");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nodes 0 | --nodes must be 1 to 8, and is 0.",
                "--providers 0 | --providers must be 2 to 8, and is 0.",
                "--seconds 0 | --seconds must be 1 to 86400, and is 0.",
                "--calls 0 | --calls must be 1 to 10000, and is 0.",
                "--edges 9 | --edges must be 0 to 8, and is 9.",
                "--from -1 | --from must be 0 to 9223372036854775806, and is -1.",
                "--from 9223372036854775807 --seeds 2 | --from must be 0 to 9223372036854775806",
                "--from 9223372036854775806 --seeds 2 | --seeds must be 1 to 1 with --from 9223372036854775806, and is"
                        + " 2.",
                "--nodes two | must be a whole number, and is \"two\"",
                "--nodes 99999999999 | is too large: 99999999999"
            })
    void whatIsOutsideOfItsRangeIsRefusedWithTheRange(String options, String sentence) {
        Ran ran = run(("simulate " + options).split(" "));
        assertThat(ran.exitCode()).isEqualTo(Failure.USAGE);
        assertThat(ran.err()).contains(sentence);
    }

    @Test
    void helpSaysOnOneLineWhatEachFaultDoes() {
        assertThat(run("simulate", "--help").out().lines())
                .contains("  wipe                    the provider loses all; an empty place takes its name")
                .filteredOn(line -> Arrays.stream(Trouble.values())
                        .anyMatch(trouble ->
                                line.startsWith("  " + trouble.label() + " ") && line.endsWith(trouble.what())))
                .hasSameSizeAs(Trouble.values());
    }

    @Test
    void replayIsNotPlayedWhenItsPageCannotBeWritten() throws IOException {
        Path file = file("taken", "");
        Ran ran = run("replay", "cf-2023-10-30-401", "--out", file.toString());
        assertThat(ran.exitCode()).isEqualTo(Failure.USAGE);
        assertThat(ran.err())
                .contains("--out " + file + " is a file; name a folder.")
                .doesNotContain("Playing");
        Path below = file.resolve("below");
        assertThat(run("replay", "cf-2023-10-30-401", "--out", below.toString()).err())
                .contains("--out " + below + " cannot be created: ")
                .doesNotContain("Playing");
    }

    @Test
    void replaysAreListedAsJson() {
        assertThat(run("replay", "--json").json().get(0).path("name").stringValue())
                .isEqualTo("cf-2025-06-12");
    }

    @Test
    void replaysAreListedAndAnUnknownOneIsRefused() {
        assertThat(run("replay").out())
                .contains(
                        "cf-2025-06-12",
                        "unisuper-2024-deletion",
                        "gcp-2025-06-12-herd",
                        "aws-2025-10-20-empty-dns",
                        "cf-2025-11-18-bad-config",
                        "cold-start");
        Ran ran = run("replay", "cf-2025-06-13");
        assertThat(ran.exitCode()).isEqualTo(Failure.USAGE);
        assertThat(ran.err()).contains("did you mean cf-2025-06-12");
    }
}
