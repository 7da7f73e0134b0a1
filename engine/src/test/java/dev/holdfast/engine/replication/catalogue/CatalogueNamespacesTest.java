package dev.holdfast.engine.replication.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.replication.NoSystemRecords;
import dev.holdfast.engine.replication.catalogue.Namespaces.Changed;
import dev.holdfast.engine.time.SystemTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatalogueNamespacesTest {
    private static final String ACCOUNT = "0".repeat(32);
    private final MemoryLocalStore local = new MemoryLocalStore();
    private final SystemTime time = new SystemTime();
    private CatalogueNamespaces namespaces;

    @BeforeEach
    void open() throws LocalStoreFault {
        open(Duration.ofHours(1));
    }

    private void open(Duration undo) throws LocalStoreFault {
        HybridClock clock = new HybridClock(time, 1, 0, 1000, millis -> {});
        namespaces = new CatalogueNamespaces(
                new ReplicatedCatalogue(time, local, clock, new NoSystemRecords(), new byte[32]), time, undo);
    }

    private Namespace create(String title) {
        return switch (namespaces.create(ACCOUNT, title, "eu", "", Policy.DEFAULT)) {
            case Changed.Done(Namespace made) -> made;
            default -> throw new AssertionError(title);
        };
    }

    @Test
    void namespacesOutliveARestartWithEveryProviderDead() throws Exception {
        Namespace made = create("Wörter & Zeichen = %");
        open();
        assertThat(namespaces.find(made.id())).contains(made);
        assertThat(namespaces.list(ACCOUNT, false)).containsExactly(made);
        assertThat(namespaces.list("1".repeat(32), false)).isEmpty();
    }

    @Test
    void thatANamespaceIsPinnedOutlivesARestart() throws Exception {
        Namespace made = create("flags");
        create("others");
        assertThat(namespaces.pinned()).isEmpty();
        namespaces.setPolicy(made.id(), made.policy().withPinned(true));
        open();
        assertThat(namespaces.pinned()).extracting(Namespace::id).containsExactly(made.id());
        assertThat(namespaces.find(made.id()).orElseThrow().policy()).isEqualTo(Policy.DEFAULT.withPinned(true));
        namespaces.delete(made.id());
        assertThat(namespaces.pinned()).isEmpty();
    }

    @Test
    void aNamespaceFromBeforeThereWerePinnedOnesIsNone() {
        Namespace made = create("old");
        String text = new String(NamespaceText.write(made.with(made.policy().withPinned(true))), UTF_8);
        assertThat(text).contains("pinned=true");
        assertThat(NamespaceText.read(text.replace("pinned=true\n", "").getBytes(UTF_8)))
                .isEqualTo(made);
    }

    @Test
    void whatANamespaceNeedsOutlivesARestart() throws Exception {
        Namespace sessions = create("sessions");
        Namespace stock = create("stock");
        Policy policy = Policy.DEFAULT.withNeeds(List.of(sessions.id(), stock.id()));
        Namespace checkout = create("checkout");
        namespaces.setPolicy(checkout.id(), policy);
        open();
        assertThat(namespaces.find(checkout.id()).orElseThrow().policy()).isEqualTo(policy);
    }

    @Test
    void aNamespaceFromBeforeThereWereNeedsHasNone() {
        Namespace made = create("old");
        String text = new String(NamespaceText.write(made), UTF_8);
        assertThat(text).contains("needs=\n");
        assertThat(NamespaceText.read(text.replace("needs=\n", "").getBytes(UTF_8)))
                .isEqualTo(made);
    }

    @Test
    void whoWouldNeedItselfIsRefusedWithTheCircleAndNothingChanges() {
        Namespace a = create("a");
        Namespace b = create("b");
        Namespace c = create("c");
        namespaces.setPolicy(a.id(), Policy.DEFAULT.withNeeds(List.of(b.id())));
        namespaces.setPolicy(b.id(), Policy.DEFAULT.withNeeds(List.of(c.id())));
        Changed changed = namespaces.setPolicy(c.id(), Policy.DEFAULT.withNeeds(List.of(a.id())));
        assertThat(changed)
                .isInstanceOfSatisfying(
                        Changed.Circle.class,
                        circle -> assertThat(circle.way())
                                .extracting(Namespace::title)
                                .containsExactly("c", "a", "b"));
        assertThat(namespaces.find(c.id()).orElseThrow().policy()).isEqualTo(Policy.DEFAULT);
        assertThat(namespaces.setPolicy(c.id(), Policy.DEFAULT.withNeeds(List.of(c.id()))))
                .isInstanceOf(Changed.Circle.class);
        assertThat(namespaces.setPolicy(b.id(), Policy.DEFAULT)).isInstanceOf(Changed.Done.class);
        assertThat(namespaces.setPolicy(c.id(), Policy.DEFAULT.withNeeds(List.of(a.id()))))
                .isInstanceOf(Changed.Done.class);
    }

    @Test
    void titleIsTakenOnceInAnAccount() {
        Namespace made = create("one");
        assertThat(namespaces.create(ACCOUNT, "one", "", "", Policy.DEFAULT)).isInstanceOf(Changed.TitleTaken.class);
        assertThat(namespaces.create("1".repeat(32), "one", "", "", Policy.DEFAULT))
                .isInstanceOf(Changed.Done.class);
        assertThat(namespaces.rename(create("two").id(), "one")).isInstanceOf(Changed.TitleTaken.class);
        assertThat(namespaces.rename(made.id(), "one")).isInstanceOf(Changed.Done.class);
    }

    @Test
    void deletionHidesAtOnceAndCanBeUndone() {
        Namespace made = create("one");
        namespaces.delete(made.id());
        assertThat(namespaces.find(made.id())).isEmpty();
        assertThat(namespaces.rename(made.id(), "other")).isInstanceOf(Changed.NoSuchNamespace.class);
        assertThat(namespaces.list(ACCOUNT, true)).hasSize(1);
        assertThat(namespaces.kept()).hasSize(1);
        assertThat(namespaces.restore(made.id())).isEqualTo(new Changed.Done(made));
        assertThat(namespaces.find(made.id())).contains(made);
    }

    @Test
    void deletionIsFinalWhenItsTimeHasPassed() throws Exception {
        open(Duration.ZERO);
        Namespace made = create("one");
        namespaces.delete(made.id());
        assertThat(namespaces.restore(made.id())).isInstanceOf(Changed.TooLate.class);
        assertThat(namespaces.kept()).isEmpty();
        assertThat(namespaces.overdue()).hasSize(1);
        namespaces.purged(made);
        assertThat(namespaces.overdue()).isEmpty();
        assertThat(namespaces.restore(made.id())).isInstanceOf(Changed.NoSuchNamespace.class);
        assertThat(namespaces.ids()).containsExactly(made.id());
    }

    @Test
    void changeThatTheDiskDoesNotKeepIsNotMade() {
        local.failing(true);
        assertThat(namespaces.create(ACCOUNT, "one", "", "", Policy.DEFAULT)).isInstanceOf(Changed.NotKept.class);
        assertThat(namespaces.list(ACCOUNT, false)).isEmpty();
    }
}
