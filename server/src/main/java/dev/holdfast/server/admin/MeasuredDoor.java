package dev.holdfast.server.admin;

import dev.holdfast.engine.time.Time;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Door;
import java.io.IOException;

/** A door whose answers are counted and timed. */
public final class MeasuredDoor implements Door {
    private final Door door;
    private final Metrics.OfDoor metrics;
    private final Time time;

    /** @param name its label in the metrics */
    public MeasuredDoor(String name, Door door, Metrics metrics, Time time) {
        this.door = door;
        this.metrics = metrics.of(name);
        this.time = time;
    }

    @Override
    public boolean claims(Call call) {
        return door.claims(call);
    }

    @Override
    public void answer(Call call) throws IOException {
        long begin = time.nanos();
        door.answer(call);
        // How long somebody watched says nothing of how fast the server is.
        metrics.count(call, call.streamed() ? 0 : time.nanos() - begin);
    }

    @Override
    public boolean answerAtOnce(Call call) {
        long begin = time.nanos();
        boolean answered = door.answerAtOnce(call);
        if (answered) {
            metrics.count(call, time.nanos() - begin);
        }
        return answered;
    }

    @Override
    public void refuse(Call call, int status, String sentence) {
        long begin = time.nanos();
        door.refuse(call, status, sentence);
        metrics.count(call, time.nanos() - begin);
    }
}
