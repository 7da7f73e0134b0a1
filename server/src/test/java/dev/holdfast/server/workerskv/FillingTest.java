package dev.holdfast.server.workerskv;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.server.ManualTime;
import dev.holdfast.server.MemorySystemRecords;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FillingTest {
    private static final Key KEY = Key.of("k");

    private final Later time = new Later();
    private final Namespace namespace = new Namespace(
            new NamespaceId(1, 2), "settings", "0".repeat(32), "", "", Namespace.Policy.DEFAULT, time.wallMillis(), 0);
    private final OneHome store = new OneHome();
    private final MemorySystemRecords records = new MemorySystemRecords();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile String value = "v";
    private HttpServer there;
    private WorkersKv client;
    private Filling filling;

    /** All clocks stand where the test puts them. */
    private static final class Later extends ManualTime {
        private final AtomicLong later = new AtomicLong();

        @Override
        public void advance(long millis) {
            super.advance(millis);
            later.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        }

        @Override
        public long nanos() {
            return super.nanos() + later.get();
        }
    }

    /** One place with a collection floor, which says of what it does not show as of when that is so. */
    private final class OneHome implements Store {
        final Map<Key, Record> records = new ConcurrentHashMap<>();
        Version floor = Version.NONE;

        private Freshness fresh() {
            return new Freshness("home", true, "");
        }

        @Override
        public Answer get(NamespaceId id, Key key, ReadMode mode) {
            Record record = records.get(key);
            if (record != null && record.alive(time.wallMillis())) {
                return new Answer.Found(record, fresh());
            }
            return new Answer.Missing(record == null ? floor : Version.newest(floor, record.version()), fresh());
        }

        private Written keep(Key key, Record record) {
            records.put(key, record);
            return new Written.Acknowledged(new Receipt(
                    record.version(), List.of(), List.of(), 1, true, new Point("home", new ChangeLog.Position(1, 1))));
        }

        @Override
        public Written put(
                Namespace into, Key key, byte[] text, byte[] metadata, long expiration, Condition condition) {
            return keep(key, Record.of(Version.of(time.wallMillis(), 0, 9), expiration, metadata, text));
        }

        @Override
        public Written delete(Namespace into, Key key, Condition condition) {
            return keep(key, Record.tombstone(Version.of(time.wallMillis(), 0, 9)));
        }

        @Override
        public Written restore(Namespace into, Key key, Record record) {
            return get(into.id(), key, ReadMode.FRESH) instanceof Answer.Missing(Version asOf, var _)
                            && record.version().newerThan(asOf)
                    ? keep(key, record)
                    : new Written.ConditionFailed(null);
        }

        @Override
        public Listing list(NamespaceId id, byte[] prefix, @Nullable Key after, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Explanation explain(NamespaceId id, Key key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StoreStatus status() {
            throw new UnsupportedOperationException();
        }
    }

    @BeforeEach
    void start() throws IOException {
        there = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        there.createContext("/", exchange -> {
            boolean metadata = exchange.getRequestURI().getPath().contains("/metadata/");
            String text = metadata ? "{\"success\":true,\"errors\":[],\"messages\":[],\"result\":null}" : value;
            if (!metadata) {
                reads.incrementAndGet();
                exchange.getResponseHeaders().add("expiration", Long.toString(time.wallMillis() / 1_000 + 60));
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        there.start();
        URI url = URI.create("http://127.0.0.1:" + there.getAddress().getPort());
        client = new WorkersKv(url, "account", ApiToken.of("secret"), Duration.ofSeconds(30));
        filling = new Filling(
                new Upstream("cloudflare", client, "source", new Pace(time, 1_000_000), time), store, records, time);
    }

    @AfterEach
    void stop() {
        client.close();
        there.stop(0);
    }

    private Store.Answer read(Key key) {
        Store.Answer answer = store.get(namespace.id(), key, Store.ReadMode.CONFIRMED);
        return answer instanceof Store.Answer.Missing missing ? filling.filled(namespace, key, missing) : answer;
    }

    private void shows(Key key, String text) {
        assertThat(read(key))
                .isInstanceOfSatisfying(
                        Store.Answer.Found.class,
                        found -> assertThat(new String(found.record().value(), StandardCharsets.UTF_8))
                                .isEqualTo(text));
    }

    @Test
    void whatHasExpiredHereIsReadThereAgainEachTime() {
        for (int i = 0; i < 5; i++) {
            value = "v" + i;
            shows(KEY, "v" + i);
            shows(KEY, "v" + i);
            time.advance(61_000);
        }
        assertThat(reads).hasValue(5);
    }

    @Test
    void whatWasDeletedHereOrHasExpiredAfterAWriteHereIsNotReadThereAgain() {
        shows(KEY, "v");
        time.advance(1_000);
        store.delete(namespace, KEY, Store.Condition.NONE);
        assertThat(read(KEY)).isInstanceOf(Store.Answer.Missing.class);
        Key written = Key.of("written");
        store.put(namespace, written, new byte[1], new byte[0], time.wallMillis() / 1_000 + 60, Store.Condition.NONE);
        time.advance(61_000);
        assertThat(read(written)).isInstanceOf(Store.Answer.Missing.class);
        assertThat(reads).hasValue(1);
    }

    @Test
    void aPassThatBeganBeforeTheHoldAndRaisesTheFloorMuchLaterHindersNothing() {
        store.floor = Version.atMillis(time.wallMillis() + 1_000);
        time.advance(10_000);
        shows(KEY, "v");
        time.advance(40 * 60_000);
        store.floor = Version.atMillis(time.wallMillis() - 40 * 60_000 - 5_000);
        shows(Key.of("another"), "v");
    }

    @Test
    void whenTheHoldWasEndedNoAbsenceIsBelieved() {
        time.advance(10_000);
        shows(KEY, "v");
        store.floor = Version.atMillis(time.wallMillis() - 5_000);
        Map<Key, byte[]> holds = Map.copyOf(records.records);
        records.records.clear();
        assertThat(read(Key.of("another"))).isInstanceOf(Store.Answer.Unavailable.class);
        records.records.putAll(holds);
        shows(Key.of("another"), "v");
        time.advance(10_000);
        // A deletion of since the hold may be forgotten, who ever has said so.
        store.floor = Version.atMillis(time.wallMillis() - 5_000);
        assertThat(read(Key.of("a third one"))).isInstanceOf(Store.Answer.Unavailable.class);
    }
}
