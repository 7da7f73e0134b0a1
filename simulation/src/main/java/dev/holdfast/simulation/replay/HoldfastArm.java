package dev.holdfast.simulation.replay;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.time.Time;
import dev.holdfast.simulation.world.Origin;
import dev.holdfast.simulation.world.ReplicatedOrigin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Two providers under the engine that ships, as it comes. There is no cache in front of it. */
final class HoldfastArm implements Arm {
    private static final byte[] NOTHING = {};
    private static final Namespace OF_THE_LOAD =
            new Namespace(SingleArm.NAMESPACE, "load", "0".repeat(32), "", "", Namespace.Policy.DEFAULT, 0, 0);

    private final Time time;
    private final List<Provider> providers;
    private final LocalStore disk;
    private Origin.@Nullable Running running;

    HoldfastArm(Time time, List<Provider> providers, LocalStore disk) {
        this.time = time;
        this.providers = providers;
        this.disk = disk;
    }

    @Override
    public void start() {
        try {
            running = new ReplicatedOrigin(List.of(SingleArm.NAMESPACE))
                    .start(time, "node", ReplicationConfig.DEFAULT, providers, disk);
        } catch (LocalStore.LocalStoreFault fault) {
            throw new IllegalStateException("this disk never fails", fault);
        }
    }

    private Origin.Running running() throws Failed {
        Origin.Running now = running;
        if (now == null) {
            throw new Failed("it has not started");
        }
        return now;
    }

    @Override
    public Answer get(int key) throws Failed {
        return switch (running().store().get(SingleArm.NAMESPACE, Load.key(key), Store.ReadMode.CONFIRMED)) {
            case Store.Answer.Found(Record record, Store.Freshness freshness) ->
                new Answer(Load.number(record.value()), 0);
            case Store.Answer.Missing missing -> new Answer(0, 0);
            case Store.Answer.Unavailable(Store.Refusal why) -> throw new Failed(why.sentence());
        };
    }

    @Override
    public void put(int key, long number) throws Failed {
        Store.Written written = running()
                .store()
                .put(OF_THE_LOAD, Load.key(key), Load.value(number), NOTHING, Record.NEVER, Store.Condition.NONE);
        if (!(written instanceof Store.Written.Acknowledged)) {
            throw new Failed(written.toString());
        }
    }

    @Override
    public boolean settled() {
        return running != null && running.settled();
    }
}
