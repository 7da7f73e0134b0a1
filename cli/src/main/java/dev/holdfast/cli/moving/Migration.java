package dev.holdfast.cli.moving;

import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.moving.NodeAt.Seen;
import dev.holdfast.cli.moving.Persisting.Try;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntSupplier;

/**
 * Goes through the steps of a move at every node. Each step looks at what the nodes say and does only what is left of it, so that the
 * whole can be begun again whatever has been killed on the way. A step begins once the one before it is done at every node (DESIGN
 * rule 24). For one thread.
 */
public final class Migration {
    private static final int MOST_WINDOWS = 10;
    private static final int MOST_COMPARISONS = 5;

    private final List<NodeAt> nodes;
    private final Move move;
    private final IntSupplier wanted;
    private final Telling telling;
    private final Persisting persisting;
    private int durability;
    private long keys;

    /** Takes what happens, for a person. */
    public interface Telling {
        void step(String step, String provider, String node, String sentence);

        /** @param of how far there is to go; negative when that is not known */
        void progress(String task, String unit, long at, long of);

        /** What was in progress is over. */
        void progressEnds();
    }

    /** @param wanted asks for the durability of the most demanding namespace */
    public Migration(List<NodeAt> nodes, Move move, IntSupplier wanted, Telling telling) {
        this.nodes = nodes;
        this.move = move;
        this.wanted = wanted;
        this.telling = telling;
        this.persisting = new Persisting(move.patience());
    }

    /** Goes through what is left. */
    public void run() {
        requirePossible();
        for (String name : move.to()) {
            nodes.forEach(node -> add(node, name));
        }
        requireDomains();
        for (String name : move.to()) {
            nodes.forEach(node -> backfill(node, name));
        }
        List<String> silent = move.to().stream().filter(this::servesNowhere).toList();
        if (!silent.isEmpty()) {
            shadow(silent);
            verify(silent);
        }
        for (String name : move.to()) {
            nodes.forEach(node -> change(node, "promote", name, "serving"));
        }
        for (String name : move.to()) {
            nodes.forEach(node -> awaitCurrent(node, name));
        }
        for (String name : move.from()) {
            nodes.forEach(node -> change(node, "demote", name, "leaving"));
        }
        for (String name : move.from()) {
            nodes.forEach(node -> drain(node, name));
        }
    }

    private boolean servesNowhere(String name) {
        return nodes.stream()
                .noneMatch(node -> persisting.until(
                        "Asking " + node.name(),
                        () -> new Try.Done<>(
                                node.provider(name).map(Seen::serves).orElse(false))));
    }

    private void requirePossible() {
        durability = persisting.until("Asking for namespaces", () -> new Try.Done<>(wanted.getAsInt()));
        List<Seen> all = new ArrayList<>();
        for (NodeAt node : nodes) {
            all.addAll(persisting.until("Asking " + node.name(), () -> new Try.Done<>(node.providers())));
        }
        Prediction.requirePossible(move, all, durability);
    }

    /** How many keys there are, as far as the first node has counted them lately; negative when it has not. */
    private long keys() {
        if (keys == 0) {
            keys = Look.lately(nodes.getFirst().control(), Optional.empty())
                    .map(Look::keys)
                    .orElse(-1L);
        }
        return keys;
    }

    private void add(NodeAt node, String name) {
        String said = persisting.until("Adding " + name + " at " + node.name(), () -> {
            if (node.provider(name).isPresent()) {
                return new Try.Done<>("is in use already");
            }
            Optional<String> refused = node.place(name, "joining");
            if (refused.isPresent() && node.provider(name).isEmpty()) {
                throw new Failure(Failure.FAILED, node.name() + ": " + refused.get());
            }
            return new Try.Done<>("joins; it is given every write from now on");
        });
        telling.step("add", name, node.name(), said);
    }

    /** Before anything that cannot be taken back: whether what will be left is enough. */
    private void requireDomains() {
        for (NodeAt node : nodes) {
            List<Seen> left = persisting.until(
                    "Asking " + node.name(),
                    () -> new Try.Done<>(node.providers().stream()
                            .filter(seen -> !move.from().contains(seen.name()))
                            .toList()));
            TreeSet<String> domains = new TreeSet<>();
            left.forEach(seen -> domains.add(seen.domain()));
            if (!move.from().isEmpty() && domains.size() < durability) {
                throw new Failure(
                        Failure.FAILED,
                        "Afterwards there would be " + Words.count(domains.size(), "independent failure domain")
                                + " at " + node.name() + " (" + String.join(", ", domains) + "), and a namespace wants "
                                + durability + ". Nothing has been taken away; name failure domains in the"
                                + " configuration, or add another provider.");
            }
        }
    }

    private void backfill(NodeAt node, String name) {
        long begun = System.nanoTime();
        // A short pass over what was in doubt at last may follow the long one.
        long[] compared = new long[1];
        persisting.until("Backfilling " + name + " at " + node.name(), () -> {
            Optional<Seen> now = node.provider(name);
            if (now.isEmpty()) {
                add(node, name);
                return new Try.Waits<>("it joins");
            }
            Seen seen = now.get();
            compared[0] = Math.max(compared[0], seen.comparedKeys());
            if (seen.lacksNothing()) {
                return new Try.Done<>(name);
            }
            telling.progress("Backfilling " + name, "keys", seen.comparedKeys(), keys());
            return new Try.Waits<>(name + " is " + seen.state() + ", " + seen.doing() + " (" + seen.comparedKeys()
                    + " keys, " + seen.hints() + " writes wait for it)");
        });
        telling.progressEnds();
        long millis = (System.nanoTime() - begun) / 1_000_000;
        telling.step("backfill", name, node.name(), "holds all that the others hold" + rate(compared[0], millis));
    }

    private static String rate(long keys, long millis) {
        return keys == 0 || millis < 500
                ? ""
                : ": " + keys + " keys compared in " + millis / 1_000.0 + " s, " + keys * 1_000 / millis + " a second";
    }

    /** Reads that others answer go to those that come as well, until for so long none would have been answered older. */
    private void shadow(List<String> names) {
        String all = String.join(",", names);
        for (int i = 0; i < MOST_WINDOWS; i++) {
            ShadowReads asked = shadowed(names);
            if (asked.disagreed() == 0) {
                telling.step(
                        "shadow",
                        all,
                        "",
                        asked.reads() + " reads in " + asked.counted().toMillis() / 1_000.0 + " s, 0 disagreements"
                                + (asked.reads() == 0 ? " (nobody has read anything)" : ""));
                return;
            }
            telling.step(
                    "shadow",
                    all,
                    "",
                    asked.disagreed() + " of " + asked.reads() + " reads would have been older; once more");
            for (String name : names) {
                nodes.forEach(node -> backfill(node, name));
            }
        }
        throw new Failure(
                Failure.FAILED,
                "What " + String.join(" and ", names) + " would answer has been older than what the others answer,"
                        + " each time for " + MOST_WINDOWS + " times. holdfast compare mends what differs.");
    }

    private ShadowReads shadowed(List<String> names) {
        String task = "Shadow reads of " + String.join(",", names);
        List<Seen> first = persisting.until(task, () -> new Try.Done<>(silent(names)));
        ShadowReads asked = new ShadowReads(move.shadow(), first, System.nanoTime());
        persisting.until(task, () -> {
            asked.add(silent(names), System.nanoTime());
            telling.progress(
                    task, "ms", asked.counted().toMillis(), move.shadow().toMillis());
            return asked.over() ? new Try.Done<>(names) : new Try.Waits<>(asked.sentence());
        });
        telling.progressEnds();
        return asked;
    }

    private List<Seen> silent(List<String> names) {
        List<Seen> all = new ArrayList<>();
        for (NodeAt node : nodes) {
            node.providers().stream()
                    .filter(seen -> names.contains(seen.name()))
                    .forEach(all::add);
        }
        return all;
    }

    private void verify(List<String> names) {
        NodeAt node = nodes.getFirst();
        String inVain = "";
        for (int i = 1; ; i++) {
            Look look = look(node, Optional.empty());
            List<Seen> serving = persisting.until(
                    "Asking " + node.name(),
                    () -> new Try.Done<>(
                            node.providers().stream().filter(Seen::serves).toList()));
            Verdict verdict = Verdict.of(look, names, serving);
            if (verdict.same()) {
                telling.step("verify", String.join(",", names), node.name(), verdict.sentence());
                return;
            }
            if (i > MOST_COMPARISONS || !inVain.isEmpty()) {
                throw new Failure(
                        Failure.FAILED,
                        verdict.sentence() + inVain + "\nholdfast compare mends it; then do the same again.");
            }
            telling.step("verify", String.join(",", names), node.name(), verdict.sentence() + " Comparing.");
            inVain = compare(node);
        }
    }

    private void change(NodeAt node, String step, String name, String role) {
        boolean leaves = role.equals("leaving");
        String said = persisting.until("To " + step + " " + name + " at " + node.name(), () -> {
            Optional<Seen> now = node.provider(name);
            boolean already = now.map(seen -> seen.serves() != leaves).orElse(leaves);
            if (already) {
                return new Try.Done<>("is done already");
            }
            return node.place(name, role)
                    .<Try<String>>map(Try.Waits::new)
                    .orElseGet(() -> new Try.Done<>(
                            leaves ? "its word counts no more; it is given every write still" : "its word counts"));
        });
        telling.step(step, name, node.name(), said);
    }

    private void awaitCurrent(NodeAt node, String name) {
        persisting.until("Waiting for " + name + " at " + node.name(), () -> {
            Optional<Seen> now = node.provider(name);
            return now.isPresent() && now.get().serves() && now.get().lacksNothing()
                    ? new Try.Done<>(name)
                    : new Try.Waits<>(now.map(Seen::standing).orElse("it is not there"));
        });
    }

    private void drain(NodeAt node, String name) {
        int[] looks = new int[1];
        String[] inVain = {""};
        int[] comparisons = new int[1];
        boolean[] refused = new boolean[1];
        String said = persisting.until("Draining " + name + " at " + node.name(), () -> {
            if (node.provider(name).isEmpty()) {
                return new Try.Done<>("is gone");
            }
            Optional<Look> last = Look.lately(node.control(), Optional.of(name));
            // What is lately here need not be so by the clock of the node.
            boolean toldOtherwise = refused[0]
                    && (looks[0] == 0
                            || last.filter(look -> !look.unanswered().isEmpty()).isPresent());
            if (last.isEmpty()
                    || last.get().tooFew() > 0
                    || !last.get().unseen().isEmpty()
                    || toldOtherwise) {
                Look look = look(node, Optional.of(name));
                looks[0]++;
                if (look.tooFew() > 0) {
                    if (comparisons[0] == MOST_COMPARISONS || !inVain[0].isEmpty()) {
                        throw new Failure(
                                Failure.FAILED,
                                String.join("\n", TooFew.sentences(look)) + inVain[0] + "\nProvider " + name
                                        + " stays.");
                    }
                    // What a node that was killed has written at some providers only is found by a comparison alone.
                    String sentence = Words.count(look.tooFew(), "key") + " would be short of a home";
                    telling.step("drain", name, node.name(), sentence + "; comparing");
                    inVain[0] = compare(node);
                    comparisons[0]++;
                    return new Try.Waits<>(sentence + ", compared " + Words.count(comparisons[0], "time"));
                }
                if (!look.unseen().isEmpty()) {
                    return new Try.Waits<>(String.join(", ", look.unseen()) + " could not be read to the end");
                }
                telling.step("drain", name, node.name(), "no key of " + look.keys() + " is short of a home without it");
            }
            Optional<String> why = node.place(name, "removed");
            refused[0] = why.isPresent();
            return why.<Try<String>>map(Try.Waits::new).orElseGet(() -> new Try.Done<>("is gone"));
        });
        telling.step("remove", name, node.name(), said);
    }

    /**
     * Has a node compare all providers, which mends what lies at some of them only.
     *
     * @return why it could not, as a line of its own; empty when it has
     */
    private String compare(NodeAt node) {
        Comparison comparison = node.comparison();
        try {
            persisting.until("Comparing at " + node.name(), () -> {
                comparison.look();
                telling.progress("Comparing", "keys", comparison.compared(), keys());
                if (comparison.over()) {
                    return new Try.Done<>(node);
                }
                List<String> away = node.providers().stream()
                        .filter(seen -> !seen.isWhole())
                        .map(Seen::name)
                        .toList();
                return new Try.Waits<>(comparison.sentence()
                        + (away.isEmpty() ? "" : "; it begins once " + String.join(" and ", away) + " lacks nothing"));
            });
            return "";
        } catch (Failure failure) {
            // The keys may have been mended all the same: one look more tells.
            return "\n" + failure.getMessage();
        } finally {
            telling.progressEnds();
        }
    }

    private Look look(NodeAt node, Optional<String> without) {
        Look look = persisting.until(
                "Looking at every key at " + node.name(),
                () -> new Try.Done<>(Look.take(
                        node.control(),
                        without,
                        seen -> telling.progress("Looking at every key", "keys", seen, keys()))));
        telling.progressEnds();
        return look;
    }

    /** What the nodes say now; those that do not answer are not in it. */
    public static Map<String, List<Seen>> seen(List<NodeAt> nodes) {
        Map<String, List<Seen>> seen = new LinkedHashMap<>();
        for (NodeAt node : nodes) {
            try {
                seen.put(node.name(), node.providers());
            } catch (Failure failure) {
                if (failure.exitCode() != Failure.NOT_REACHABLE) {
                    throw failure;
                }
            }
        }
        return seen;
    }
}
