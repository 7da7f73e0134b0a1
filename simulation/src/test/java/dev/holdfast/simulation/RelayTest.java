package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.FeedFollower;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.Relay;
import dev.holdfast.engine.replication.ChangeLog.Change;
import dev.holdfast.engine.replication.ChangeLog.Page;
import dev.holdfast.engine.replication.ChangeLog.Position;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an edge tells on of what it hears. */
class RelayTest {
    private static final long ROOM = 10_000;

    /** What an origin tells an edge that has begun to follow it, and said so. */
    private interface Story {
        void of(TwoHomes world, ScriptedOrigin origin, Relay relay) throws InterruptedException;
    }

    private static void told(Story story) {
        inEveryWorld(world -> {
            ScriptedOrigin origin = new ScriptedOrigin(world);
            Relay relay = new Relay(world.time, ROOM);
            new FeedFollower(world.time, origin, Near.simulated(world.time, EdgeConfig.DEFAULT, null), relay, () -> {});
            Position before = relay.newest();
            origin.hears();
            assertThat(relay.read(before, 10, 0)).isInstanceOf(Page.Gap.class);
            story.of(world, origin, relay);
        });
    }

    private static Page read(Relay relay, Position after) throws InterruptedException {
        return relay.read(after, 100, 0);
    }

    private static List<Change> changes(Page page) {
        return ((Page.Changes) page).changes();
    }

    @Test
    void whatIsHeardIsToldOnInOrder() {
        told((world, origin, relay) -> {
            Position from = relay.newest();
            for (int i = 1; i <= 5; i++) {
                origin.tells(i);
            }
            Page all = read(relay, from);
            assertThat(changes(all))
                    .extracting(Change::version)
                    .isEqualTo(List.of(
                            ScriptedOrigin.version(1),
                            ScriptedOrigin.version(2),
                            ScriptedOrigin.version(3),
                            ScriptedOrigin.version(4),
                            ScriptedOrigin.version(5)));
            assertThat(changes(relay.read(from, 2, 0))).hasSize(2);
            assertThat(changes(read(relay, changes(all).get(2).at()))).hasSize(2);
            assertThat(((Page.Changes) all).next()).isEqualTo(relay.newest());
        });
    }

    @Test
    void whoWaitsIsToldAsSoonAsSomethingIsHeard() {
        told((world, origin, relay) -> {
            Position from = relay.newest();
            world.time.fork("teller", () -> {
                world.time.park(SECOND);
                origin.tells(1);
            });
            long begin = world.time.nanos();
            assertThat(changes(relay.read(from, 10, 60 * SECOND))).hasSize(1);
            assertThat(world.time.nanos() - begin).isBetween(SECOND, SECOND + 100 * MILLI);
            assertThat(changes(relay.read(relay.newest(), 10, SECOND))).isEmpty();
        });
    }

    @Test
    void whatMayHaveBeenMissedIsSaidToBeAGap() {
        told((world, origin, relay) -> {
            Position from = relay.newest();
            origin.tells(1);
            origin.loses();
            origin.tells(2);
            Page.Changes before = (Page.Changes) read(relay, from);
            assertThat(before.changes()).hasSize(1);
            Page.Gap gap = (Page.Gap) read(relay, before.next());
            assertThat(changes(read(relay, gap.resumeAt()))).hasSize(1);
            Position then = relay.newest();
            // That it is followed again is a gap, too: what was changed in between nobody tells.
            origin.hears();
            assertThat(read(relay, then)).isInstanceOf(Page.Gap.class);
        });
    }

    @Test
    void whoLagsFurtherBehindThanThereIsRoomIsToldOfAGap() {
        told((world, origin, relay) -> {
            Position from = relay.newest();
            for (int i = 1; i <= 200; i++) {
                origin.tells(i);
            }
            assertThat(read(relay, from)).isEqualTo(new Page.Gap(relay.newest(), "what came next had to make room"));
            Position late = new Position(from.epoch(), relay.newest().sequence() - 10);
            assertThat(changes(read(relay, late))).hasSize(10);
            assertThat(read(relay, new Position(2, 1))).isInstanceOf(Page.Gap.class);
            assertThat(new Relay(world.time, ROOM).node()).isNotEqualTo(relay.node());
        });
    }

    @Test
    void itNamesThoseByWayOfWhomItHears() {
        told((world, origin, relay) -> {
            assertThat(relay.through()).isEqualTo(Set.of(ScriptedOrigin.at(0).node()));
            origin.refuses();
            assertThat(relay.through()).isEmpty();
            Position from = relay.newest();
            origin.hears();
            assertThat(relay.through()).isEqualTo(Set.of(ScriptedOrigin.at(0).node()));
            assertThat(changes(read(relay, from)))
                    .as("what was missed, if anything, was told")
                    .isEmpty();
        });
    }

    @Test
    void itSaysHowLongAgoAllHadBeenHeard() {
        told((world, origin, relay) -> {
            origin.hears();
            assertThat(relay.behindNanos()).isLessThan(100 * MILLI);
            world.time.park(30 * SECOND);
            origin.tells(1);
            assertThat(relay.behindNanos()).isBetween(30 * SECOND, 31 * SECOND);
            origin.hears();
            assertThat(relay.behindNanos()).isLessThan(100 * MILLI);
        });
    }
}
