package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The samples of all rounds, by case in the order of a round. */
final class Results {
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    void add(Case which, Sample sample) {
        samples.computeIfAbsent(which.id(), _ -> new ArrayList<>()).add(sample);
    }

    boolean has(String... ids) {
        for (String id : ids) {
            if (!samples.containsKey(id)) {
                return false;
            }
        }
        return true;
    }

    /** Median, least and most over the rounds. */
    record Spread(double median, double least, double most) {
        static Spread of(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            int middle = sorted.size() / 2;
            double median =
                    sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
            return new Spread(median, sorted.getFirst(), sorted.getLast());
        }
    }

    /** @param q which part of all is not more than it, 0 to 1 */
    static double quantile(double[] values, double q) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * q)];
    }

    Spread spread(String id, ToDoubleFunction<Sample> figure) {
        return Spread.of(of(id).stream().mapToDouble(figure).boxed().toList());
    }

    long failed(String id) {
        return of(id).stream().mapToLong(Sample::failed).sum();
    }

    List<String> disturbances() {
        return samples.entrySet().stream()
                .flatMap(each -> each.getValue().stream()
                        .filter(sample -> !sample.disturbance().isEmpty())
                        .map(sample -> each.getKey() + ": " + sample.disturbance()))
                .toList();
    }

    long failed() {
        return samples.keySet().stream().mapToLong(this::failed).sum();
    }

    /** How often {@code id} was as fast as the slowest of {@code others}, taken within each round. */
    Spread ratio(String id, String... others) {
        return Spread.of(IntStream.range(0, of(id).size())
                .mapToObj(round -> rate(id, round) / slowest(round, others))
                .toList());
    }

    private double slowest(int round, String... ids) {
        double slowest = Double.MAX_VALUE;
        for (String id : ids) {
            slowest = Math.min(slowest, rate(id, round));
        }
        return slowest;
    }

    private double rate(String id, int round) {
        return of(id).get(round).perSecond();
    }

    private List<Sample> of(String id) {
        return samples.getOrDefault(id, List.of());
    }
}
