package dev.holdfast.simulation.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The checkers are tested by the engine that ships with one mistake at a time: each must be caught within so many seeds. Leaves the
 * table in {@code target/mutants.md}.
 */
class EngineMutantsTest {
    private static final int WITHIN_SEEDS = 400;

    private static final Map<Mutant, Catch> TABLE = new TreeMap<>();

    /** The seed that caught a mutant, and the promise that broke. */
    private record Catch(long seed, String promise) {}

    private static @Nullable Catch hunt(Mutant mutant) throws ReflectiveOperationException {
        @SuppressWarnings("unchecked")
        LongFunction<String> hunt = (LongFunction<String>) new MutantLoader(mutant.edits)
                .loadClass(Hunt.class.getName())
                .getConstructor()
                .newInstance();
        for (long seed = 0; seed < WITHIN_SEEDS; seed++) {
            String broken = hunt.apply(seed);
            if (!broken.isEmpty()) {
                return new Catch(seed, broken);
            }
        }
        return null;
    }

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void engineWithAMistakeIsCaught(Mutant mutant) throws ReflectiveOperationException {
        Catch caught = hunt(mutant);
        assertThat(caught).as(mutant.what).isNotNull();
        TABLE.put(mutant, caught);
        assertThat(caught.promise()).as(mutant.what).isNotEqualTo("the run");
    }

    @AfterAll
    static void writeTheTable() throws IOException {
        StringBuilder table =
                new StringBuilder("| mutant | mistake | caught by | seeds needed |\n| --- | --- | --- | --- |\n");
        TABLE.forEach((mutant, caught) -> table.append("| ")
                .append(mutant.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '))
                .append(" | ")
                .append(mutant.what)
                .append(" | ")
                .append(caught.promise())
                .append(" | ")
                .append(caught.seed() + 1)
                .append(" |\n"));
        Files.writeString(Path.of("target/mutants.md"), table);
    }
}
