package dev.holdfast.cli.moving;

import dev.holdfast.cli.http.Failure;
import java.time.Duration;
import java.util.List;

/**
 * From where to where.
 *
 * @param from providers that leave
 * @param to providers that come
 * @param shadow how long those that come are asked beside the others, without a disagreement, before their word counts
 * @param patience how long a step may go without anything changing before it is given up
 */
public record Move(List<String> from, List<String> to, Duration shadow, Duration patience) {
    public Move {
        for (String name : to) {
            if (from.contains(name)) {
                throw new Failure(Failure.USAGE, "Provider " + name + " can either leave or come.");
            }
        }
        if (to.isEmpty()) {
            throw new Failure(Failure.USAGE, "Which providers come? Say it with --to.");
        }
    }
}
