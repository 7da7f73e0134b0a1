package dev.holdfast.simulation.mutants;

import dev.holdfast.simulation.FeedStories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The checkers are tested by the engine that ships with one mistake at a time: each must be caught within so many seeds. Takes some
 * minutes, so it runs only with {@code -Dmutants=true}, with {@code -Dmutant=WRITES_NO_MARK} for one of them. Leaves the table in {@code target/mutants.md}.
 */
@EnabledIfSystemProperty(named = "mutants", matches = "true")
class EngineMutantsTest {
    private static final int WITHIN_SEEDS = 750;
    /** Of the long worlds that follow. */
    private static final int WITHIN_LONG_SEEDS = 300;

    /** The one to hunt; empty for all. */
    private static final String WANTED = System.getProperty("mutant", "");

    /** How many seeds it took to catch a mutant, and the promise that broke. */
    private record Catch(String seeds, String promise) {}

    private static @Nullable Catch hunt(Mutant mutant) throws ReflectiveOperationException {
        Catch caught = hunt(mutant, FeedStories.class, 1, "a story, ");
        if (caught != null) {
            return caught;
        }
        caught = hunt(mutant, Hunt.class, WITHIN_SEEDS, "");
        return caught != null
                ? caught
                : hunt(mutant, LongHunt.class, WITHIN_LONG_SEEDS, WITHIN_SEEDS + " and of long worlds ");
    }

    private static @Nullable Catch hunt(Mutant mutant, Class<?> hunter, int seeds, String before)
            throws ReflectiveOperationException {
        @SuppressWarnings("unchecked")
        LongFunction<String> hunt = (LongFunction<String>) new MutantLoader(mutant.edits)
                .loadClass(hunter.getName())
                .getConstructor()
                .newInstance();
        for (long seed = 0; seed < seeds; seed++) {
            String broken = hunt.apply(seed);
            if (!broken.isEmpty()) {
                return new Catch(before + (seed + 1), broken);
            }
        }
        return null;
    }

    @Test
    void engineWithAMistakeIsCaught() throws Exception {
        Map<Mutant, Future<@Nullable Catch>> hunts = new EnumMap<>(Mutant.class);
        SoftAssertions all = new SoftAssertions();
        StringBuilder table =
                new StringBuilder("| mutant | mistake | caught by | seeds needed |\n| --- | --- | --- | --- |\n");
        try (ExecutorService pool =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (Mutant mutant : WANTED.isEmpty() ? Mutant.values() : new Mutant[] {Mutant.valueOf(WANTED)}) {
                hunts.put(mutant, pool.submit(() -> hunt(mutant)));
            }
            for (Map.Entry<Mutant, Future<@Nullable Catch>> entry : hunts.entrySet()) {
                Catch caught = entry.getValue().get();
                all.assertThat(caught).as(entry.getKey().what).isNotNull();
                table.append(line(entry.getKey(), caught));
                if (caught != null) {
                    all.assertThat(caught.promise()).as(entry.getKey().what).isNotEqualTo("the run");
                }
            }
        }
        write(table.toString());
        all.assertAll();
    }

    private static String line(Mutant mutant, @Nullable Catch caught) {
        String name = mutant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return "| " + name + " | " + mutant.what + " | "
                + (caught == null ? "nobody | none of them did" : caught.promise() + " | " + caught.seeds())
                + " |\n";
    }

    private static void write(String table) throws IOException {
        Files.writeString(Path.of("target/mutants.md"), table);
    }
}
