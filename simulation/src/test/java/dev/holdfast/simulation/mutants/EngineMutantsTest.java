package dev.holdfast.simulation.mutants;

import dev.holdfast.simulation.BusyStories;
import dev.holdfast.simulation.FeedStories;
import dev.holdfast.simulation.HomeStories;
import dev.holdfast.simulation.ReturnStories;
import dev.holdfast.simulation.ScrubStories;
import dev.holdfast.simulation.incident.IncidentStories;
import dev.holdfast.simulation.nodes.NodeStories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The checkers are tested by the engine that ships with one mistake at a time: each must be caught within so many seeds of the worlds
 * in which it is hunted. Takes some minutes, so it runs only with {@code -Dmutants=true}, with {@code -Dmutants=2/3} for the second third of
 * them, with {@code -Dmutants=all} for those that take long as well, with {@code -Dmutant=WRITES_NO_MARK} for one of them, and with {@code -Dground="--faults wipe"} in other worlds than its own. Leaves the table in {@code target/mutants.md}.
 */
@EnabledIfSystemProperty(named = "mutants", matches = "true|all|[1-9]/[1-9]")
class EngineMutantsTest {
    private static final int WITHIN_SEEDS = 400;

    private static Set<Mutant> wanted() {
        String one = System.getProperty("mutant", "");
        if (!one.isEmpty()) {
            return EnumSet.of(Mutant.valueOf(one));
        }
        String which = System.getProperty("mutants", "");
        if (which.equals("all")) {
            return EnumSet.allOf(Mutant.class);
        }
        Set<Mutant> usual = EnumSet.complementOf(EnumSet.copyOf(Mutant.RARE));
        return which.contains("/") ? part(usual, which.charAt(0) - '0', which.charAt(2) - '0') : usual;
    }

    private static Set<Mutant> part(Set<Mutant> all, int part, int of) {
        Set<Mutant> some = EnumSet.noneOf(Mutant.class);
        int at = 0;
        for (Mutant mutant : all) {
            if (at++ % of == part - 1) {
                some.add(mutant);
            }
        }
        return some;
    }

    /** Where to hunt it; null where it is at home. */
    private static final @Nullable String ELSEWHERE = System.getProperty("ground");

    /** How many seeds of which worlds it took to catch a mutant, and the promise that broke. */
    private record Catch(String worlds, String seeds, String promise) {}

    /** Hunts, and says so while others are still hunted: a hunt that does not end is seen. */
    private static @Nullable Catch aloud(Mutant mutant) throws ReflectiveOperationException {
        long begin = System.nanoTime();
        System.out.println("hunting " + mutant);
        Catch caught = hunt(mutant);
        long seconds = Math.round((System.nanoTime() - begin) / 1e9);
        System.out.print(seconds + " s: " + line(mutant, caught));
        return caught;
    }

    private static @Nullable Catch hunt(Mutant mutant) throws ReflectiveOperationException {
        String ground = ELSEWHERE == null ? mutant.ground : ELSEWHERE;
        if (ground.equals(Ground.STORIES)) {
            Catch atHome = tell(mutant, HomeStories.class);
            Catch atNodes = atHome == null ? tell(mutant, NodeStories.class) : atHome;
            Catch atReturn = atNodes == null ? tell(mutant, ReturnStories.class) : atNodes;
            Catch atScrub = atReturn == null ? tell(mutant, ScrubStories.class) : atReturn;
            return atScrub == null ? tell(mutant, BusyStories.class) : atScrub;
        }
        if (ground.equals(Ground.INCIDENTS)) {
            return tell(mutant, IncidentStories.class);
        }
        Catch told = tell(mutant, FeedStories.class);
        if (told != null) {
            return told;
        }
        LongFunction<String> hunt = load(mutant, Hunt.class.getName(), ground);
        for (long seed = 0; seed < WITHIN_SEEDS; seed++) {
            String broken = hunt.apply(seed);
            if (!broken.isEmpty()) {
                return new Catch(ground.isEmpty() ? "any" : "`" + ground + "`", "" + (seed + 1), broken);
            }
        }
        return null;
    }

    private static @Nullable Catch tell(Mutant mutant, Class<?> stories) throws ReflectiveOperationException {
        String broken = load(mutant, stories.getName()).apply(0);
        return broken.isEmpty() ? null : new Catch("a story (`" + stories.getSimpleName() + "`)", "1", broken);
    }

    @SuppressWarnings("unchecked")
    private static LongFunction<String> load(Mutant mutant, String hunter, Object... arguments)
            throws ReflectiveOperationException {
        Class<?>[] types = new Class<?>[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            types[i] = arguments[i].getClass();
        }
        return (LongFunction<String>) new MutantLoader(mutant.edits)
                .loadClass(hunter)
                .getConstructor(types)
                .newInstance(arguments);
    }

    @Test
    void engineWithAMistakeIsCaught() throws Exception {
        Map<Mutant, Future<@Nullable Catch>> hunts = new EnumMap<>(Mutant.class);
        SoftAssertions all = new SoftAssertions();
        StringBuilder table = new StringBuilder(
                "| mutant | mistake | caught by | worlds | seeds needed |\n| --- | --- | --- | --- | --- |\n");
        try (ExecutorService pool =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (Mutant mutant : wanted()) {
                hunts.put(mutant, pool.submit(() -> aloud(mutant)));
            }
            for (Map.Entry<Mutant, Future<@Nullable Catch>> entry : hunts.entrySet()) {
                Catch caught = entry.getValue().get();
                all.assertThat(caught).as(entry.getKey().what).isNotNull();
                table.append(line(entry.getKey(), caught));
                if (caught != null) {
                    all.assertThat(caught.promise()).as(entry.getKey().what).doesNotStartWith("the run");
                }
            }
        }
        write(table.toString());
        all.assertAll();
    }

    private static String line(Mutant mutant, @Nullable Catch caught) {
        String name = mutant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String by = caught == null
                ? "nobody | | none of them did"
                : caught.promise() + " | " + caught.worlds() + " | " + caught.seeds();
        return "| " + name + " | " + mutant.what + " | " + by + " |\n";
    }

    private static void write(String table) throws IOException {
        Files.writeString(Path.of("target/mutants.md"), table);
    }
}
