package dev.holdfast.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.edge.ChangeStream.Event;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.engine.time.Time;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class FeedFollowerTest {
    private final Time time = new SystemTime();
    private final BlockingQueue<Event> told = new LinkedBlockingQueue<>();
    private final CompletableFuture<FeedFollower> opened = new CompletableFuture<>();
    private final BlockingQueue<Boolean> inDoubt = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
    private volatile long known;

    private final class Stream implements ChangeStream {
        @Override
        public Event next() throws InterruptedException {
            return told.take();
        }

        @Override
        public void close() {}
    }

    private Relay.Source listener() {
        return new Relay(time, 1 << 20).new Source() {
            @Override
            void gap(String why) {
                inDoubt.add(opened.join().missedSince(known));
            }

            @Override
            void heard(long asOf) {
                heard.add(asOf);
            }
        };
    }

    private void hears(String node) throws InterruptedException {
        known = time.nanos();
        told.add(new Event.Heard(new Point(node, new Position(1, 0)), 0));
        heard.take();
    }

    @Test
    void whoIsToldOfAGapFindsInDoubtWhatIsFromBeforeIt() throws InterruptedException {
        Near near = Near.simulated(time, EdgeConfig.DEFAULT, null);
        try (FeedFollower follower = new FeedFollower(time, new Stream(), near, listener(), () -> {})) {
            opened.complete(follower);
            hears("origin");
            assertThat(inDoubt).containsExactly(true);
            hears("origin");
            hears("another");
            assertThat(inDoubt).containsExactly(true, true);
        }
    }
}
