package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Request;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.BusyStories.Told;
import org.junit.jupiter.api.Test;

/** One provider that is busy or slow is waited for, and holds no more of the node than its part (promise P7). */
class BusyTest {

    @Test
    void busyProviderThatPausesForAMomentIsWaitedForAndGetsNoHints() {
        Told told = BusyStories.shortPauses();
        assertThat(told.failed()).isZero();
        assertThat(told.hinted()).isZero();
        assertThat(told.left()).isZero();
        assertThat(told.written()).isGreaterThan(50_000);
    }

    @Test
    void theLastProviderThatFailsIsAskedAgainForOneReadInTen() {
        assertThat(BusyStories.askedAgain()).isBetween(1.0, 1.15);
    }

    @Test
    void twoOfThreeThatAreLateAtOnceAreNotBothGivenUp() {
        assertThat(BusyStories.threeOfWhichTwoAreSlow()).isEqualTo(2);
    }

    @Test
    void nothingIsDoneForARequestOfWhichTheTimeIsOver() {
        assertThat(BusyStories.callsForNobody()).isZero();
    }

    @Test
    void requestInAHurryIsAnsweredInItsTimeThoughProvidersAreSlow() {
        TwoHomes.inEveryWorld(world -> {
            ReplicatedStore store = world.open(world.disk());
            Key key = Key.of("k");
            TwoHomes.put(store, key);
            world.placeA.cut(true);
            world.placeB.cut(true);
            long until = world.time.nanos() + 100 * TwoHomes.MILLI;
            Store.Answer answer =
                    Request.until(until).serve(() -> store.get(TwoHomes.NAMESPACE.id(), key, Store.ReadMode.CONFIRMED));
            assertThat(world.time.nanos() - until).isLessThan(20 * TwoHomes.MILLI);
            assertThat(answer)
                    .isInstanceOfSatisfying(
                            Store.Answer.Unavailable.class,
                            none -> assertThat(none.why().reason()).isEqualTo(Store.Reason.OVERDUE));
        });
    }

    @Test
    void providerThatIsSlowForGoodHoldsFewCallsAndTheOthersAreServed() {
        Told told = BusyStories.slowForGood();
        assertThat(told.failed()).isZero();
        assertThat(told.mostUnderWay()).isLessThanOrEqualTo(64 + 16);
        assertThat(told.written()).isGreaterThan(5_000);
    }
}
