package dev.holdfast.simulation.parts;

import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.simulation.scheduler.Pending;
import dev.holdfast.simulation.scheduler.Process;

/** A thread that waits for its answer. */
final class Waiter<T> extends CallsUnderWay.Call<T> {
    private final Pending<T, ProviderFault> pending = new Pending<>();

    Waiter(Process caller) {
        super(caller);
    }

    T await() throws ProviderFault, InterruptedException {
        return pending.awaitInterruptibly();
    }

    @Override
    public void answered(T value) {
        pending.answer(value);
    }

    @Override
    public void failed(ProviderFault fault) {
        pending.fail(fault);
    }
}
