package dev.holdfast.simulation.parts;

import dev.holdfast.engine.provider.Reply;
import dev.holdfast.simulation.scheduler.Process;
import java.util.ArrayList;
import java.util.List;

/** The calls to a provider that wait for an answer. Each knows its place, since it is taken off after every call. */
final class CallsUnderWay {
    private static final int MANY = 256;

    /** A call under way. Its caller may have died, and then nobody takes it off the list. */
    abstract static class Call<T> implements Reply<T> {
        final Process caller;
        /** In the list; -1 when it is not there. */
        private int place = -1;

        Call(Process caller) {
            this.caller = caller;
        }
    }

    private final List<Call<?>> calls = new ArrayList<>();

    void begin(Call<?> call) {
        if (calls.size() > MANY) {
            List.copyOf(calls).stream().filter(other -> other.caller.dead()).forEach(this::end);
        }
        call.place = calls.size();
        calls.add(call);
    }

    void end(Call<?> call) {
        int place = call.place;
        if (place < 0) {
            return;
        }
        call.place = -1;
        Call<?> last = calls.removeLast();
        if (place < calls.size()) {
            calls.set(place, last);
            last.place = place;
        }
    }

    /** Takes all off. */
    List<Call<?>> endAll() {
        List<Call<?>> all = List.copyOf(calls);
        all.forEach(this::end);
        return all;
    }
}
