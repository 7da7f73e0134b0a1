package dev.holdfast.server.api;

import dev.holdfast.engine.admission.Gates;
import dev.holdfast.engine.admission.Lanes;
import dev.holdfast.engine.admission.Quotas;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.server.http.Call;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What every call passes once it is known which namespace's keys it is about, before its body is read: the gate, the quotas and the
 * namespace's lane. Thread-safe.
 */
public record Doorway(Gates gates, Quotas quotas, Lanes lanes) {
    private static final Refusal LATER = new Refusal(Reason.SHED, "This is to be asked for on a thread that may wait.");

    /**
     * Lets a call in, once: one that cannot be answered at once after all comes again, and is not counted twice.
     *
     * @return null when it may go on; otherwise why not. On the thread of a connection it may be that it has to wait for its turn.
     */
    public @Nullable Refusal enter(Call call, Namespace namespace) {
        Optional<Refusal> closed = gates.closed(namespace.id());
        if (closed.isPresent()) {
            return closed.get();
        }
        boolean again = call.entered();
        if (!again) {
            // Every door puts by PUT and by nothing else.
            Refusal over = quotas.enter(namespace, call.method().equals("PUT"));
            if (over != null) {
                return over;
            }
            call.enter();
        }
        if (call.atOnce()) {
            return lanes.atOnce(namespace.id()) ? null : LATER;
        }
        return lanes.inTurn(namespace.id(), again);
    }
}
