package dev.holdfast.engine.admission;

import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where the node's disk has its ramp: the plan, which stays as it is, and how far it has come. */
final class RampBook {
    private static final byte[] PLAN = "ramp/plan".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STATE = "ramp/state".getBytes(StandardCharsets.US_ASCII);

    private final LocalStore local;

    RampBook(LocalStore local) {
        this.local = local;
    }

    /** A plan and how far it has come. */
    record Kept(RampPlan plan, RampState state) {}

    /** The last ramp there was, null for none. */
    @Nullable
    Kept read() throws LocalStoreFault {
        byte[] plan = local.get(Table.NODE, PLAN);
        byte[] state = local.get(Table.NODE, STATE);
        return plan == null || state == null ? null : new Kept(RampText.readPlan(plan), RampText.readState(state));
    }

    static Batch add(Batch batch, RampPlan plan) {
        return batch.put(Table.NODE, PLAN, RampText.write(plan));
    }

    static Batch add(Batch batch, RampState state) {
        return batch.put(Table.NODE, STATE, RampText.write(state));
    }
}
