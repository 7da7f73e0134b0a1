package dev.holdfast.simulation.parts;

import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.provider.Reply;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Timer;
import org.jspecify.annotations.Nullable;

/** A put that was queued, and whose caller may have died. */
final class QueuedPut extends CallsUnderWay.Call<Put> {
    private final CallsUnderWay underWay;
    private final Reply<Put> reply;
    private boolean done;
    private @Nullable Timer patience;

    QueuedPut(Process caller, CallsUnderWay underWay, Reply<Put> reply) {
        super(caller);
        this.underWay = underWay;
        this.reply = reply;
    }

    /** Gives it up when this comes first. */
    void giveUpAt(Timer timer) {
        patience = timer;
    }

    private boolean ends() {
        boolean first = !done && !caller.dead();
        done = true;
        underWay.end(this);
        if (patience != null) {
            patience.cancel();
        }
        return first;
    }

    @Override
    public void answered(Put value) {
        if (ends()) {
            reply.answered(value);
        }
    }

    @Override
    public void failed(ProviderFault fault) {
        if (ends()) {
            reply.failed(fault);
        }
    }
}
