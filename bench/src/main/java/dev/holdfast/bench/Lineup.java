package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * What is measured, in the order of a round, and what is compared.
 *
 * @param cases started and checked
 */
record Lineup(List<Case> cases, List<Ratio> ratios) {

    /** How a lineup comes to be. */
    @FunctionalInterface
    interface Start {
        /** @param folder for whatever it needs on disk */
        Lineup start(Path folder, Belongings belongings) throws IOException, InterruptedException;
    }

    /** The same with only some of its cases, in the order in which they are given. */
    Lineup only(List<String> ids) {
        List<Case> wanted = cases.stream()
                .filter(each -> ids.contains(each.id()))
                .sorted(Comparator.comparingInt(each -> ids.indexOf(each.id())))
                .toList();
        return new Lineup(wanted, ratios);
    }
}
