package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.Namespace.WhenShort;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.provider.MemoryProvider;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Receipt;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.engine.time.Time;
import java.lang.reflect.Field;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writing with the states of the providers as the test sets them. Lateness and crashes are the simulation's. */
class WritesTest {
    private static final KeyRef REF = new KeyRef(new NamespaceId(7, 8), Key.of("k"));

    private final Time time = new SystemTime();
    private final MemoryLocalStore local = new MemoryLocalStore();
    private final FaultyProvider seenA = provider("a");
    private final FaultyProvider seenB = provider("b");
    private Parts parts;
    private Member a;
    private Member b;
    private Writes writes;

    private FaultyProvider provider(String name) {
        return new FaultyProvider(new MemoryProvider(name, new FailureDomain("test", "here", name)), time);
    }

    @BeforeEach
    void open() throws Exception {
        parts = Start.find(ReplicationConfig.DEFAULT, time, local, "node", List.of(seenA, seenB), Rules.NONE)
                .parts();
        a = parts.members().all().getFirst();
        b = parts.members().all().getLast();
        writes = new Writes(parts);
    }

    private static Change change(Policy policy) {
        return new Change(REF, false, "v".getBytes(), new byte[0], Record.NEVER, policy);
    }

    private Written write(Policy policy) throws InterruptedException {
        return writes.write(change(policy), true);
    }

    private Receipt acknowledged() throws InterruptedException {
        Written written = write(Policy.DEFAULT);
        assertThat(written).isInstanceOf(Written.Acknowledged.class);
        return ((Written.Acknowledged) written).receipt();
    }

    private void move(Member member, ProviderState to) {
        parts.members().move(member, to, "the test says so");
    }

    private Optional<Version> hinted(Member member) throws Exception {
        return parts.hints().get(member, REF).map(Record::version);
    }

    private static Optional<Version> held(Member member) throws Exception {
        return member.provider.get(REF.namespace(), REF.key()) instanceof Lookup.Present(Record record)
                ? Optional.of(record.version())
                : Optional.empty();
    }

    /**
     * Has something happen as soon as the states of all members have been looked at once. Between two looks nothing waits, so
     * that no schedule could be made to come between them.
     */
    private void afterTheFirstLook(Runnable change) throws ReflectiveOperationException {
        List<Member> members = parts.members().all();
        boolean[] looked = new boolean[1];
        Field all = Roster.class.getDeclaredField("all");
        all.setAccessible(true);
        all.set(parts.members().roster(), new AbstractList<Member>() {
            @Override
            public Iterator<Member> iterator() {
                Iterator<Member> each = members.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        if (!each.hasNext() && !looked[0]) {
                            looked[0] = true;
                            change.run();
                        }
                        return each.hasNext();
                    }

                    @Override
                    public Member next() {
                        return each.next();
                    }
                };
            }

            @Override
            public Member get(int index) {
                return members.get(index);
            }

            @Override
            public int size() {
                return members.size();
            }
        });
        assertThat(looked).containsExactly(false);
    }

    @Test
    void providerThatReturnsBetweenTwoLooksAtTheStatesGetsTheWriteOrAHint() throws Exception {
        move(b, ProviderState.DOWN);
        afterTheFirstLook(() -> move(b, ProviderState.CATCHING_UP));
        Receipt receipt = acknowledged();
        assertThat(b.health.state()).isEqualTo(ProviderState.CATCHING_UP);
        assertThat(List.of(hinted(b), held(b))).contains(Optional.of(receipt.version()));
        assertThat(receipt.homes()).containsExactly("a", Homes.HINT_LOG);
        assertThat(receipt.hinted()).containsExactly("b");
        assertThat(receipt.domains()).isEqualTo(2);
    }

    @Test
    void providerThatLeavesBetweenTwoLooksAtTheStatesIsNotCountedTwice() throws Exception {
        afterTheFirstLook(() -> move(b, ProviderState.DOWN));
        Receipt receipt = acknowledged();
        List<String> named = new ArrayList<>(receipt.homes());
        named.addAll(receipt.hinted());
        named.remove(Homes.HINT_LOG);
        assertThat(named).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void writeIsAcknowledgedByTheProvidersThatHoldIt() throws Exception {
        Receipt receipt = acknowledged();
        assertThat(receipt.homes()).containsExactly("a", "b");
        assertThat(receipt.hinted()).isEmpty();
        assertThat(held(a)).contains(receipt.version());
        assertThat(held(b)).contains(receipt.version());
        assertThat(parts.hints().depth(b)).isZero();
    }

    @Test
    void hintIsDurableBeforeTheReceiptNamesTheHintLog() throws Exception {
        move(b, ProviderState.DOWN);
        Receipt receipt = acknowledged();
        assertThat(receipt.homes()).containsExactly("a", Homes.HINT_LOG);
        HintLog reopened = new HintLog(local, new KeyLocks(), List.of("a", "b"));
        assertThat(reopened.get(b, REF).map(Record::version)).contains(receipt.version());
    }

    @Test
    void providerThatRefusesTheWriteGetsAHintInstead() throws Exception {
        seenB.inject(Fault.of(FaultMode.UNAUTHORIZED));
        Receipt receipt = acknowledged();
        assertThat(receipt.hinted()).containsExactly("b");
        assertThat(hinted(b)).contains(receipt.version());
        assertThat(hinted(a)).isEmpty();
    }

    @Test
    void writeThatEveryProviderRefusesHasHappenedNowhere() throws Exception {
        seenA.inject(Fault.of(FaultMode.UNAUTHORIZED));
        seenB.inject(Fault.of(FaultMode.UNAUTHORIZED));
        assertThat(write(Policy.DEFAULT))
                .isInstanceOfSatisfying(
                        Written.Refused.class,
                        refused -> assertThat(refused.why().reason()).isEqualTo(Reason.NO_PROVIDER));
        assertThat(hinted(a)).isEmpty();
        assertThat(hinted(b)).isEmpty();
    }

    @Test
    void withEveryProviderDownAWriteIsRefusedUnlessDarkWritesAreAllowed() throws Exception {
        move(a, ProviderState.DOWN);
        move(b, ProviderState.DOWN);
        assertThat(write(Policy.DEFAULT)).isInstanceOf(Written.Refused.class);
        assertThat(hinted(a)).isEmpty();
        Written dark = write(new Policy(2, WhenShort.ACK_MARKED, true));
        assertThat(dark).isInstanceOfSatisfying(Written.Acknowledged.class, written -> {
            assertThat(written.receipt().homes()).containsExactly(Homes.HINT_LOG);
            assertThat(written.receipt().shortOf()).isTrue();
        });
        assertThat(hinted(a)).isPresent().isEqualTo(hinted(b));
    }

    @Test
    void writeThatFindsANewerVersionIsStampedAboveIt() throws Exception {
        Version theirs = Version.of(time.wallMillis() + 2_000, 0, (parts.clock().stamp() + 1) % Version.STAMPS);
        a.provider.putIfNewer(REF.namespace(), REF.key(), Record.of(theirs, "theirs".getBytes()));
        Receipt receipt = acknowledged();
        assertThat(receipt.version().newerThan(theirs)).isTrue();
        assertThat(held(a)).contains(receipt.version());
        assertThat(held(b)).contains(receipt.version());
    }

    @Test
    void conditionalWriteThatFindsANewerVersionIsNotRepeated() throws Exception {
        Version theirs = Version.of(time.wallMillis() + 2_000, 0, (parts.clock().stamp() + 1) % Version.STAMPS);
        a.provider.putIfNewer(REF.namespace(), REF.key(), Record.of(theirs, "theirs".getBytes()));
        assertThat(writes.write(change(Policy.DEFAULT), false)).isNull();
        assertThat(held(a)).contains(theirs);
    }

    @Test
    void writeWhoseHintCannotBeKeptIsNotAcknowledged() throws Exception {
        // Stamps once, so that the clock needs no reservation from the failing disk.
        acknowledged();
        move(b, ProviderState.DOWN);
        local.failing(true);
        assertThat(write(Policy.DEFAULT))
                .isInstanceOfSatisfying(
                        Written.Unknown.class,
                        unknown -> assertThat(unknown.why())
                                .extracting(Refusal::reason)
                                .isEqualTo(Reason.LOCAL_DISK_FAILED));
    }

    @Test
    void namespaceThatRefusesWhenShortIsToldBeforeAnythingHappens() throws Exception {
        move(b, ProviderState.DOWN);
        Written written = write(new Policy(3, WhenShort.REFUSE, false));
        assertThat(written)
                .isInstanceOfSatisfying(
                        Written.Refused.class,
                        refused -> assertThat(refused.why().reason()).isEqualTo(Reason.TOO_FEW_HOMES));
        assertThat(held(a)).isEmpty();
        assertThat(hinted(b)).isEmpty();
    }
}
