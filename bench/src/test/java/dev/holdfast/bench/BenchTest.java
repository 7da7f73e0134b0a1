package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter complaints = new StringWriter();

    private int run(String line) {
        return new CommandLine(new Bench())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(complaints))
                .execute(line.split(" ", -1));
    }

    @Test
    void theHelpNamesEveryCommandAndItsDefaults() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("hot", "scale", "others", "--rounds", "7", "dead-put");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hot", "scale", "others"})
    void everyCommandHasAHelpOfItsOwn(String command) {
        assertThat(run(command + " --help")).isZero();
        assertThat(out.toString()).contains("bench/run " + command, "--rounds", "--seconds", "--warm-up", "--json");
    }

    @ParameterizedTest
    @CsvSource({
        "hot --doors=front,--doors takes any of binding",
        "hot --protocols=h3,--protocols takes any of http1",
        "scale --connections=0,numbers must be 1 or more",
        "scale --rounds=0,numbers must be 1 or more",
        "others --only=memcached,--only takes any of holdfast-http1",
        "--only=nothing,--only takes any of holdfast-get",
    })
    void whatCannotBeMeasuredIsRefusedBeforeAnythingStarts(String line, String sentence) {
        assertThat(run(line)).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(complaints.toString()).contains(sentence);
    }
}
