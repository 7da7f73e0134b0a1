package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.NearRead;
import dev.holdfast.simulation.history.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A read that says how far its client has come is not older than that, wherever it is read: unless nobody vouches for the answer. What
 * one of several origins has written past a provider the others learn of later (see {@link Sight}).
 */
final class NearSession implements NearRule {
    private final History history;
    private final Writes writes;
    private final boolean alone;

    NearSession(History history, Register register, boolean alone) {
        this.history = history;
        this.writes = register.writes();
        this.alone = alone;
    }

    @Override
    public String promise() {
        return "near session";
    }

    @Override
    public @Nullable String wrong(NearRead read) {
        if (read.session().isEmpty() || !read.confirmed()) {
            return null;
        }
        List<ByVersion.Entry> acknowledged = writes.acknowledged().from(Version.NONE);
        for (ByVersion.Entry entry : acknowledged.reversed()) {
            Operation write = entry.operation();
            if (seen(write, read) && binds(write, read)) {
                String wrong = NearRule.against(entry.version(), read, writes);
                return wrong == null ? null : wrong + ", which the client's session has come to";
            }
        }
        return null;
    }

    private static boolean seen(Operation write, NearRead read) {
        Store.Receipt receipt = write.receipt();
        if (receipt == null || write.end() >= read.begin()) {
            // One that began earlier may be acknowledged later.
            return false;
        }
        Point made = receipt.session();
        for (Point point : read.session()) {
            if (point.node().equals(made.node()) && made.at().compareTo(point.at()) <= 0) {
                return true;
            }
        }
        return false;
    }

    private boolean binds(Operation write, NearRead read) {
        if (alone || write.node().equals(read.place()) || (write.everywhere() && read.troubles() == 0)) {
            return true;
        }
        return Sight.shownSince(history, write) + Sight.READ_LAG_NANOS <= read.beginNanos();
    }
}
