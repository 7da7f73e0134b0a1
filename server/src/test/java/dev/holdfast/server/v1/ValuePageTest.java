package dev.holdfast.server.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.catalogue.Namespaces.Changed;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.compat.MemoryNamespaces;
import dev.holdfast.server.compat.MemoryStore;
import dev.holdfast.server.compat.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValuePageTest {
    private static final int MIB = 1024 * 1024;

    private final SystemTime time = new SystemTime();
    private final MemoryStore store = new MemoryStore(time);
    private final Namespace namespace = namespace();

    private static Namespace namespace() {
        return ((Changed.Done) new MemoryNamespaces().create(TestServer.ACCOUNT, "n", "", "", Namespace.Policy.DEFAULT))
                .namespace();
    }

    private void put(String key, int size) {
        store.put(namespace, Key.of(key), new byte[size], new byte[0], Record.NEVER, Condition.NONE);
    }

    private Listing.Keys listed() {
        return (Listing.Keys) store.list(namespace.id(), new byte[0], null, 1_000);
    }

    private ValuePage read(Listing.Keys page) throws ApiError {
        return ValuePage.read(store, namespace.id(), page, time);
    }

    private static List<String> names(ValuePage page) {
        return page.entries().stream().map(entry -> entry.key().toString()).toList();
    }

    @Test
    void aPageEndsBeforeItsValuesAreTooMany() throws ApiError {
        put("a", 4 * MIB);
        put("b", 4 * MIB);
        put("c", 1);
        ValuePage page = read(listed());
        assertThat(names(page)).containsExactly("a", "b");
        assertThat(page.next()).isEqualTo(Key.of("b"));
    }

    @Test
    void oneValueIsTakenWhateverItsSize() throws ApiError {
        put("a", 9 * MIB);
        put("b", 1);
        ValuePage page = read(listed());
        assertThat(names(page)).containsExactly("a");
        assertThat(page.next()).isEqualTo(Key.of("a"));
        put("a", 0);
        assertThat(names(read(listed()))).containsExactly("a", "b");
        assertThat(read(listed()).next()).isNull();
    }

    @Test
    void whatHasGrownSinceItWasListedIsLeftForTheNextPage() throws ApiError {
        put("a", 1);
        put("b", 1);
        put("c", 1);
        Listing.Keys before = listed();
        put("b", 9 * MIB);
        ValuePage page = read(before);
        assertThat(names(page)).containsExactly("a");
        assertThat(page.next()).isEqualTo(Key.of("a"));
    }

    @Test
    void aKeyThatHasVanishedIsLeftOutAndTheCursorGoesOn() throws ApiError {
        put("a", 1);
        put("b", 1);
        Listing.Keys before = (Listing.Keys) store.list(namespace.id(), new byte[0], null, 1);
        store.delete(namespace, Key.of("a"), Condition.NONE);
        ValuePage page = read(before);
        assertThat(page.entries()).isEmpty();
        assertThat(page.next()).isEqualTo(Key.of("a"));
        assertThat(page.confirmed()).isTrue();
        store.confirmed = false;
        assertThat(read(before).confirmed()).isFalse();
    }

    @Test
    void aValueThatCannotBeReadRefusesThePage() {
        put("a", 1);
        Listing.Keys page = listed();
        store.noReads = TestServer.NO_PROVIDER;
        assertThatThrownBy(() -> read(page))
                .isInstanceOfSatisfying(
                        ApiError.class, error -> assertThat(error.code()).isEqualTo("no-provider"));
    }
}
