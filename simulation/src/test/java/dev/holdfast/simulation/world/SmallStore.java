package dev.holdfast.simulation.world;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.time.Signal;
import dev.holdfast.engine.time.Time;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The smallest store that keeps the promises for a while: one call at a time, every provider asked, a hint for whoever failed.
 * Here to show that the world and its checkers let a right program pass and catch each wrong one.
 */
final class SmallStore implements Store, Origin.Running {

    /** What it does wrong. */
    enum Wrong {
        ACKNOWLEDGES_ON_FIRST("P1"),
        ACKNOWLEDGES_BEFORE_THE_HINT_IS_DURABLE("P1"),
        BELIEVES_THE_FIRST_ABSENCE("P4 register"),
        ANSWERS_WITH_THE_FIRST_RECORD("P1", "P4 register", "compare-and-set"),
        DELETES_WITHOUT_TOMBSTONE("P1", "P1 receipt", "P4 register"),
        DROPS_HINTS_AT_START("P1"),
        IGNORES_CONDITIONS("compare-and-set"),
        FAILS_WITH_A_PROVIDER("P2"),
        STAMPS_WITH_THE_WALL_CLOCK("P4 register"),
        NEVER_DRAINS("P5");

        /** The promises that it breaks. */
        final List<String> breaks;

        Wrong(String... breaks) {
            this.breaks = List.of(breaks);
        }
    }

    private static final long TIMEOUT = 200_000_000L;
    private static final byte[] FIRST = {};
    private static final byte[] RESERVED = {'r'};

    private final Time time;
    private final List<Provider> providers;
    private final LocalStore disk;
    private final Set<Wrong> wrong;
    private final HybridClock clock;
    private final ReentrantLock turn = new ReentrantLock(true);

    private interface Call<T> {
        T to(Provider provider) throws ProviderFault;
    }

    SmallStore(Time time, List<Provider> providers, LocalStore disk, Set<Wrong> wrong)
            throws LocalStore.LocalStoreFault {
        this.time = time;
        this.providers = providers;
        this.disk = disk;
        this.wrong = wrong;
        byte[] reserved = disk.get(LocalStore.Table.NODE, RESERVED);
        if (wrong.contains(Wrong.DROPS_HINTS_AT_START)) {
            disk.deleteRange(LocalStore.Table.HINTS, FIRST, new byte[] {-1});
        }
        long from = reserved == null ? 0 : ByteBuffer.wrap(reserved).getLong();
        clock = new HybridClock(time, time.random().nextInt(256), from, 60_000, this::reserve);
        time.fork("drain", this::drain);
    }

    private void reserve(long millis) {
        try {
            disk.commit(new LocalStore.Batch()
                    .put(
                            LocalStore.Table.NODE,
                            RESERVED,
                            ByteBuffer.allocate(8).putLong(millis).array()));
        } catch (LocalStore.LocalStoreFault e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public @Nullable ChangeLog changes() {
        return null;
    }

    /** Asks every provider at once; who does not answer in time has not answered. */
    private <T> Map<String, T> askAll(Call<T> call, boolean firstIsEnough) {
        Map<String, T> answers = new TreeMap<>();
        int[] ended = new int[1];
        Signal signal = new Signal(time);
        List<Thread> threads = new ArrayList<>();
        for (Provider provider : providers) {
            threads.add(time.fork("ask-" + provider.name(), () -> {
                try {
                    answers.put(provider.name(), call.to(provider));
                } catch (ProviderFault fault) {
                    if (fault.kind() == FaultKind.ROLLED_BACK) {
                        refill(provider);
                    }
                }
                ended[0]++;
                signal.wake();
            }));
        }
        try {
            signal.await(
                    time.nanos() + TIMEOUT, () -> ended[0] == providers.size() || firstIsEnough && !answers.isEmpty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Map<String, T> given = new TreeMap<>(answers);
        if (!firstIsEnough) {
            threads.forEach(Thread::interrupt);
        }
        return given;
    }

    private void refill(Provider empty) {
        try {
            if (empty.identity().isEmpty()) {
                empty.initialise(new Identity(
                        HexFormat.of().toHexDigits(time.random().nextLong()).repeat(2), 1));
            }
        } catch (ProviderFault fault) {
            // The next call finds out again.
        }
    }

    private static byte[] hintKey(String provider, NamespaceId namespace, Key key) {
        byte[] name = (provider + "/" + namespace + "/").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(name.length + key.bytes().length)
                .put(name)
                .put(key.bytes())
                .array();
    }

    private List<String> hint(NamespaceId namespace, Key key, Record record, Map<String, ?> not) {
        LocalStore.Batch batch = new LocalStore.Batch();
        List<String> hinted = new ArrayList<>();
        for (Provider provider : providers) {
            if (!not.containsKey(provider.name())) {
                hinted.add(provider.name());
                batch.put(
                        LocalStore.Table.HINTS,
                        hintKey(provider.name(), namespace, key),
                        RecordFormat.encode(namespace, key, record));
            }
        }
        if (hinted.isEmpty()) {
            return hinted;
        }
        if (wrong.contains(Wrong.ACKNOWLEDGES_BEFORE_THE_HINT_IS_DURABLE)) {
            time.fork("hint", () -> commit(batch));
            return hinted;
        }
        return commit(batch) ? hinted : List.of();
    }

    private boolean commit(LocalStore.Batch batch) {
        try {
            disk.commit(batch);
            return true;
        } catch (LocalStore.LocalStoreFault e) {
            return false;
        }
    }

    private @Nullable Record newest(NamespaceId namespace, Key key) {
        boolean first =
                wrong.contains(Wrong.BELIEVES_THE_FIRST_ABSENCE) || wrong.contains(Wrong.ANSWERS_WITH_THE_FIRST_RECORD);
        Map<String, Lookup> answers = askAll(provider -> provider.get(namespace, key), first);
        Record newest = null;
        for (Lookup answer : answers.values()) {
            if (answer instanceof Lookup.Present(Record record)) {
                newest = newest == null ? record : Record.merge(newest, record);
            } else if (wrong.contains(Wrong.BELIEVES_THE_FIRST_ABSENCE)) {
                return null;
            }
        }
        for (Provider provider : providers) {
            Record hinted = hinted(provider, namespace, key);
            if (hinted != null) {
                newest = newest == null ? hinted : Record.merge(newest, hinted);
            }
        }
        if (newest != null && !wrong.contains(Wrong.ANSWERS_WITH_THE_FIRST_RECORD)) {
            settle(namespace, key, newest);
        }
        return newest;
    }

    private @Nullable Record hinted(Provider provider, NamespaceId namespace, Key key) {
        try {
            byte[] bytes = disk.get(LocalStore.Table.HINTS, hintKey(provider.name(), namespace, key));
            return bytes == null ? null : RecordFormat.decode(namespace, key, bytes);
        } catch (Exception e) {
            return null;
        }
    }

    private Map<String, Boolean> settle(NamespaceId namespace, Key key, Record record) {
        Map<String, Boolean> held =
                askAll(provider -> provider.putIfNewer(namespace, key, record).stored(), false);
        hint(namespace, key, record, held);
        return held;
    }

    private Written write(
            Namespace namespace, Key key, Condition condition, java.util.function.Function<Version, Record> make) {
        turn.lock();
        try {
            Record now = newest(namespace.id(), key);
            boolean live = now != null && !now.tombstone();
            boolean holds = switch (condition) {
                case Condition.None none -> true;
                case Condition.Matches(Version version) -> live && now.version().equals(version);
                case Condition.Exists exists -> live;
                case Condition.Absent absent -> !live;
            };
            if (!holds && !wrong.contains(Wrong.IGNORES_CONDITIONS)) {
                return new Written.ConditionFailed(live ? now.version() : null);
            }
            Version version;
            try {
                version = wrong.contains(Wrong.STAMPS_WITH_THE_WALL_CLOCK)
                        ? Version.atMillis(time.wallMillis())
                        : clock.next();
            } catch (IllegalStateException e) {
                return new Written.Refused(new Refusal(Reason.LOCAL_DISK_FAILED, "no reservation"));
            }
            Record record = make.apply(version);
            if (wrong.contains(Wrong.DELETES_WITHOUT_TOMBSTONE) && record.tombstone()) {
                askAll(
                        provider -> provider.collect(
                                namespace.id(),
                                List.of(new Provider.Exact(key, now == null ? version : now.version()))),
                        false);
                return new Written.Acknowledged(receipt(version, List.of("a", "b"), List.of(), 0));
            }
            Map<String, Boolean> held = askAll(
                    provider -> provider.putIfNewer(namespace.id(), key, record).stored(),
                    wrong.contains(Wrong.ACKNOWLEDGES_ON_FIRST));
            if (wrong.contains(Wrong.FAILS_WITH_A_PROVIDER) && held.size() < 2) {
                return new Written.Unknown(new Refusal(Reason.DEADLINE, "a provider is gone"));
            }
            if (wrong.contains(Wrong.ACKNOWLEDGES_ON_FIRST)) {
                return new Written.Acknowledged(receipt(version, List.copyOf(held.keySet()), List.of(), 2));
            }
            List<String> hinted = hint(namespace.id(), key, record, held);
            int domains = held.size() + (hinted.isEmpty() ? 0 : 1);
            return domains >= 2
                    ? new Written.Acknowledged(receipt(version, List.copyOf(held.keySet()), hinted, domains))
                    : new Written.Unknown(new Refusal(Reason.TOO_FEW_HOMES, "too few homes"));
        } finally {
            turn.unlock();
        }
    }

    private void drain() {
        while (true) {
            time.park(50_000_000L);
            turn.lock();
            try {
                if (!wrong.contains(Wrong.NEVER_DRAINS)) {
                    drainOnce();
                }
            } catch (LocalStore.LocalStoreFault e) {
                // The disk is in trouble; the hints wait.
            } finally {
                turn.unlock();
            }
        }
    }

    private void drainOnce() throws LocalStore.LocalStoreFault {
        NamespaceId namespace = new NamespaceId(7, 7);
        for (LocalStore.Entry entry : disk.scan(LocalStore.Table.HINTS, FIRST, null, 100)) {
            String name = new String(entry.key(), StandardCharsets.UTF_8);
            Key key = Key.of(name.substring(name.lastIndexOf('/') + 1));
            for (Provider provider : providers) {
                Record record = name.startsWith(provider.name() + "/") ? hinted(provider, namespace, key) : null;
                if (record != null
                        && askAll(each -> each.putIfNewer(namespace, key, record), false)
                                .containsKey(provider.name())) {
                    disk.commit(new LocalStore.Batch().delete(LocalStore.Table.HINTS, entry.key()));
                }
            }
        }
    }

    @Override
    public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
        turn.lock();
        try {
            Record record = newest(namespace, key);
            Freshness freshness = new Freshness("", true, "");
            return record == null || record.tombstone()
                    ? new Answer.Missing(Version.NONE, freshness)
                    : new Answer.Found(record, freshness);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public Written put(
            Namespace namespace, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
        return write(namespace, key, condition, version -> Record.of(version, value));
    }

    @Override
    public Written delete(Namespace namespace, Key key, Condition condition) {
        return write(namespace, key, condition, Record::tombstone);
    }

    @Override
    public Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        List<Listed> listed = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Key key = Key.of("k" + i);
            if (get(namespace, key, ReadMode.CONFIRMED) instanceof Answer.Found found) {
                listed.add(new Listed(key, RecordFormat.headOf(namespace, key, found.record())));
            }
        }
        return new Listing.Keys(listed, null, true);
    }

    @Override
    public Explanation explain(NamespaceId namespace, Key key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StoreStatus status() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Store store() {
        return this;
    }

    @Override
    public void compare() {
        for (int i = 0; i < 8; i++) {
            get(new NamespaceId(7, 7), Key.of("k" + i), ReadMode.CONFIRMED);
        }
    }

    @Override
    public boolean settled() {
        return hints() == 0;
    }

    private int hints() {
        try {
            return disk.scan(LocalStore.Table.HINTS, FIRST, null, 100).size();
        } catch (LocalStore.LocalStoreFault e) {
            return 1;
        }
    }

    /** It tells people nothing. */
    @Override
    public boolean canLoseOne() {
        return false;
    }

    @Override
    public String state() {
        return hints() + " hints";
    }

    /** The program with what is wrong with it. */
    static Origin with(Set<Wrong> wrong) {
        return new Origin() {
            @Override
            public Running start(
                    Time time, String node, ReplicationConfig config, List<Provider> providers, LocalStore disk)
                    throws LocalStore.LocalStoreFault {
                return new SmallStore(time, providers, disk, wrong);
            }

            @Override
            public @Nullable Version hinted(List<LocalStore.Entry> hints, NamespaceId namespace, Key key) {
                Version newest = null;
                for (LocalStore.Entry hint : hints) {
                    for (String provider : List.of("a", "b")) {
                        if (Arrays.equals(hint.key(), hintKey(provider, namespace, key))) {
                            try {
                                Version version = RecordFormat.decode(namespace, key, hint.value())
                                        .version();
                                newest = newest == null ? version : Version.newest(newest, version);
                            } catch (dev.holdfast.engine.kv.DamagedRecord e) {
                                throw new IllegalStateException(e);
                            }
                        }
                    }
                }
                return newest;
            }
        };
    }

    private static Receipt receipt(Version version, List<String> homes, List<String> hinted, int domains) {
        return new Receipt(version, homes, hinted, domains, false, new Point("small", new ChangeLog.Position(0, 0)));
    }
}
