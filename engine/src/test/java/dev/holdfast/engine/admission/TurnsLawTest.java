package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.NamespaceId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The law of fair turns, in drawn worlds of tenants, namespaces, clients that come and clients that give up: while somebody always waits,
 * nobody else gets more of what they share than by its weight, but for one turn of each.
 */
class TurnsLawTest {
    private static final int STEPS = 4_000;
    private static final double ROUNDING = 1e-6;

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    /** One that shares, as seen from outside. */
    private static final class Seen {
        private final double weight;
        private int waiting;
        /** For each other one, how much more it has had by weight while this one waited; and the least that this ever was. */
        private final Map<Seen, double[]> behind = new HashMap<>();

        private Seen(double weight) {
            this.weight = weight;
        }

        private void left() {
            waiting--;
            if (waiting == 0) {
                behind.clear();
            }
        }
    }

    /** All that share one thing. */
    private static final class Sharing<K> {
        private final Map<K, Seen> all = new HashMap<>();

        private Seen of(K key, double weight) {
            return all.computeIfAbsent(key, _ -> new Seen(weight));
        }

        private void served(Seen one) {
            for (Seen other : all.values()) {
                if (other == one || other.waiting == 0) {
                    continue;
                }
                double[] more = other.behind.computeIfAbsent(one, _ -> new double[2]);
                more[0] += 1 / one.weight;
                assertThat(more[0] - more[1])
                        .as("what one got more than another one that always waited")
                        .isLessThanOrEqualTo(1 / one.weight + 1 / other.weight + ROUNDING);
            }
            for (double[] more : one.behind.values()) {
                more[0] -= 1 / one.weight;
                more[1] = Math.min(more[1], more[0]);
            }
        }
    }

    private record Client(NamespaceId namespace, Standing standing, int eagerness) {}

    private static List<Client> drawn(SplittableRandom random) {
        List<Client> clients = new ArrayList<>();
        int tenants = random.nextInt(2, 6);
        for (int tenant = 0; tenant < tenants; tenant++) {
            int namespaces = random.nextInt(4) == 0 ? 30 : random.nextInt(1, 5);
            for (int i = 0; i < namespaces; i++) {
                int tier = random.nextInt(2, random.nextBoolean() ? 3 : 4);
                clients.add(new Client(
                        new NamespaceId(tenant, i), new Standing("t" + tenant, tier), 1 << random.nextInt(6)));
            }
        }
        return clients;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whoAlwaysWaitsIsNeverBehindByMoreThanATurnOfEach(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Client> clients = drawn(random);
        int eager = clients.stream().mapToInt(Client::eagerness).sum();
        int givingUp = random.nextInt(3);
        int idling = random.nextInt(40);
        Turns turns = new Turns();
        Sharing<Standing> tenants = new Sharing<>();
        Map<Standing, Sharing<NamespaceId>> within = new HashMap<>();
        Map<NamespaceId, Deque<Turns.Waiting>> lines = new HashMap<>();
        int waiting = 0;
        for (int step = 0; step < STEPS; step++) {
            Turns.Waiting gone = null;
            if (random.nextInt(100) < 50 - idling / 2 && waiting < 500) {
                Client client = by(random.nextInt(eager), clients);
                Turns.Waiting came = turns.add(client.namespace(), client.standing());
                tenants.of(client.standing(), 1 << (3 * (3 - client.standing().tier()))).waiting++;
                within.computeIfAbsent(client.standing(), _ -> new Sharing<>()).of(client.namespace(), 1).waiting++;
                lines.computeIfAbsent(client.namespace(), _ -> new ArrayDeque<>())
                        .addLast(came);
                waiting++;
            } else if (random.nextInt(10) < givingUp) {
                Client client = clients.get(random.nextInt(clients.size()));
                Deque<Turns.Waiting> line = lines.getOrDefault(client.namespace(), new ArrayDeque<>());
                gone = random.nextBoolean() ? line.peekFirst() : line.peekLast();
                if (gone != null) {
                    turns.remove(gone);
                }
            } else if (waiting > 0) {
                gone = Objects.requireNonNull(turns.next(_ -> true, _ -> true), "somebody waits");
                turns.serve(gone);
                assertThat(gone)
                        .as("the first of its namespace")
                        .isSameAs(lines.get(gone.namespace).peekFirst());
                tenants.served(tenants.of(gone.standing, 0));
                Sharing<NamespaceId> namespaces = within.get(gone.standing);
                namespaces.served(namespaces.of(gone.namespace, 0));
            }
            if (gone != null) {
                lines.get(gone.namespace).remove(gone);
                tenants.of(gone.standing, 0).left();
                within.get(gone.standing).of(gone.namespace, 0).left();
                waiting--;
            }
            assertThat(turns.size()).isEqualTo(waiting);
        }
    }

    private static Client by(int drawn, List<Client> clients) {
        int upTo = 0;
        for (Client client : clients) {
            upTo += client.eagerness();
            if (drawn < upTo) {
                return client;
            }
        }
        throw new AssertionError("more than all");
    }
}
