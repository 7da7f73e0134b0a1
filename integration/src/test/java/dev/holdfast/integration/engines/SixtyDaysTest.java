package dev.holdfast.integration.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.Placement.Changed;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Role;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.providers.postgres.MovedTime;
import dev.holdfast.providers.postgres.PostgresProvider;
import dev.holdfast.providers.postgres.PostgresServer;
import dev.holdfast.providers.postgres.PostgresSettings;
import dev.holdfast.providers.rocksdb.RocksLocalStore;
import dev.holdfast.providers.rocksdb.RocksProvider;
import dev.holdfast.providers.rocksdb.RocksSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL was away for sixty days by the node's clock, which is moved on by ten days at a time, and brings nothing back that was
 * deleted meanwhile (promise P5).
 */
class SixtyDaysTest {
    private static final int STEPS = 6;
    private static final Duration STEP = Duration.ofDays(10);
    private static final int EVERY_STEP = 20;
    private static final int KEYS = 3 * EVERY_STEP * STEPS;
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final ReplicationConfig COLLECTING =
            ReplicationConfig.DEFAULT.withCollecting(AT_ONCE, AT_ONCE, AT_ONCE);
    private static final Namespace NAMESPACE = new Namespace(
            NamespaceId.parse("0123456789abcdef0123456789abcdef"),
            "n",
            "0".repeat(32),
            "",
            "",
            Namespace.Policy.DEFAULT,
            0,
            0);
    private static final byte[] NOTHING = {};
    private static final Duration WITHIN = Duration.ofSeconds(120);

    @TempDir
    private Path directory;

    private final MovedTime time = new MovedTime();
    private final Map<Key, Version> kept = new LinkedHashMap<>();
    private final Set<Key> deleted = new LinkedHashSet<>();
    private PostgresServer postgres;

    @BeforeEach
    void start() throws Exception {
        postgres = PostgresServer.create();
    }

    @AfterEach
    void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    private PostgresProvider pg() {
        PostgresSettings settings = new PostgresSettings(
                List.of(new PostgresSettings.Host("127.0.0.1", postgres.port())),
                PostgresServer.DATABASE,
                "holdfast",
                List.of(new PostgresSettings.Credential(PostgresServer.SUPERUSER, () -> PostgresServer.PASSWORD)),
                8,
                PostgresSettings.Timeouts.DEFAULT,
                new PostgresSettings.Tls(PostgresSettings.Tls.Mode.DISABLE, null),
                false);
        return PostgresProvider.open("pg", settings, domain("pg"), time);
    }

    private static FailureDomain domain(String name) {
        return new FailureDomain("operator-" + name, "region", "device-" + name);
    }

    private Provider rocks(String name) throws Exception {
        return RocksProvider.open(
                new RocksProvider.Location(name, "here", directory.resolve(name), RocksSettings.DEFAULT),
                domain(name),
                time);
    }

    /** A node that has been started, with what it stands on. */
    private record Node(LocalStore local, List<Provider> providers, ReplicatedStore store) implements AutoCloseable {
        @Override
        public void close() {
            store.close();
            providers.forEach(Provider::close);
            local.close();
        }

        ProviderView view(String name) {
            return store.status().providers().stream()
                    .filter(provider -> provider.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        void awaitAllCurrent() throws InterruptedException {
            Awaiting.until(
                    WITHIN,
                    "all providers are current",
                    () -> store.status().providers(),
                    views -> views.stream().allMatch(view -> view.state() == ProviderState.CURRENT));
        }
    }

    private Node node(boolean withPostgres) throws Exception {
        List<Provider> providers = new ArrayList<>(List.of(rocks("one"), rocks("two")));
        if (withPostgres) {
            providers.add(pg());
        }
        Path folder = directory.resolve("local");
        Optional<RocksLocalStore> known = RocksLocalStore.open(folder, "here", RocksSettings.LOCAL, time);
        LocalStore local =
                known.isPresent() ? known.get() : RocksLocalStore.create(folder, "here", RocksSettings.LOCAL, time);
        ReplicatedStore store = ReplicatedStore.open(COLLECTING, time, local, "node", providers);
        store.start(() -> List.of(NAMESPACE.id()));
        return new Node(local, providers, store);
    }

    private void put(ReplicatedStore store, Key key) {
        Written written = store.put(NAMESPACE, key, new byte[] {1}, NOTHING, Record.NEVER, Condition.NONE);
        assertThat(written).isInstanceOf(Written.Acknowledged.class);
        kept.put(key, ((Written.Acknowledged) written).receipt().version());
    }

    private void fill(ReplicatedStore store) {
        for (int i = 0; i < KEYS; i++) {
            put(store, Key.of("k" + i));
        }
    }

    private void change(ReplicatedStore store, int step) {
        for (int i = 0; i < EVERY_STEP; i++) {
            Key gone = Key.of("k" + (3 * (step * EVERY_STEP + i)));
            assertThat(store.delete(NAMESPACE, gone, Condition.NONE)).isInstanceOf(Written.Acknowledged.class);
            kept.remove(gone);
            deleted.add(gone);
            put(store, Key.of("k" + (3 * (step * EVERY_STEP + i) + 1)));
            put(store, Key.of("new-" + step + "-" + i));
        }
    }

    private void assertNothingCameBack(Node node) throws Exception {
        node.awaitAllCurrent();
        assertThat(deleted).hasSize(STEPS * EVERY_STEP);
        for (Key key : deleted) {
            assertThat(node.store().get(NAMESPACE.id(), key, ReadMode.FRESH)).isInstanceOf(Answer.Missing.class);
            for (Provider provider : node.providers()) {
                assertThat(provider.get(NAMESPACE.id(), key) instanceof Lookup.Present(Record record)
                                && !record.tombstone())
                        .as(provider.name() + " holds " + key)
                        .isFalse();
            }
        }
        for (Map.Entry<Key, Version> each : kept.entrySet()) {
            for (Provider provider : node.providers()) {
                assertThat(provider.get(NAMESPACE.id(), each.getKey()))
                        .isInstanceOfSatisfying(
                                Lookup.Present.class,
                                present ->
                                        assertThat(present.record().version()).isEqualTo(each.getValue()));
            }
        }
    }

    @Test
    void aServerThatWasDownForSixtyDaysBringsNothingBack() throws Exception {
        try (Node node = node(true)) {
            fill(node.store());
        }
        postgres.kill();
        for (int step = 0; step < STEPS; step++) {
            time.move(STEP);
            try (Node node = node(true)) {
                change(node.store(), step);
            }
        }
        postgres.start();
        try (Node node = node(true)) {
            assertNothingCameBack(node);
        }
    }

    /** Of what was deleted meanwhile nobody has even a tombstone. */
    @Test
    void oneThatWasRemovedAndIsAddedAfterSixtyDaysAsItWasBringsNothingBack() throws Exception {
        try (Node node = node(true)) {
            fill(node.store());
            assertThat(node.store().placement().demote("pg", 2)).isEqualTo(new Changed.Done(Role.LEAVING));
            assertThat(node.store().placement().remove("pg")).isEqualTo(new Changed.Done(Role.REMOVED));
        }
        postgres.kill();
        for (int step = 0; step < STEPS; step++) {
            time.move(STEP);
            try (Node node = node(false)) {
                change(node.store(), step);
                Provider one = node.providers().getFirst();
                Awaiting.until(
                        WITHIN,
                        "what was deleted is collected",
                        () -> deleted.stream().filter(key -> holds(one, key)).toList(),
                        List::isEmpty);
            }
        }
        postgres.start();
        try (Node node = node(false)) {
            PostgresProvider back = pg();
            assertThat(deleted).allMatch(key -> holds(back, key));
            assertThat(node.store().placement().add(back)).isEqualTo(new Changed.Done(Role.JOINING));
            Awaiting.until(
                    WITHIN,
                    "pg holds all",
                    () -> node.view("pg"),
                    view -> view.placed().complete());
            assertThat(node.store().placement().promote("pg")).isEqualTo(new Changed.Done(Role.SERVING));
            node.providers().add(back);
            assertNothingCameBack(node);
        }
    }

    private static boolean holds(Provider provider, Key key) {
        try {
            return provider.get(NAMESPACE.id(), key) instanceof Lookup.Present;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
