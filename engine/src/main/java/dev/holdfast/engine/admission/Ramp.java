package dev.holdfast.engine.admission;

import dev.holdfast.engine.admission.Gates.Setting;
import dev.holdfast.engine.admission.RampEvent.Kind;
import dev.holdfast.engine.admission.RampPlan.Foreseen;
import dev.holdfast.engine.admission.RampState.Begun;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens the gates of many namespaces step by step after an outage, in waves, as long as the store stays inside its bounds: what a person
 * could do with {@link Gates}, done by the node. It looks at the store every few seconds. While something is outside its bound it holds;
 * when that lasts, it takes its last step back; and when all has been well for a while, it takes the next one (promise P6).
 *
 * <p>How far it is is on the node's own disk before it is in force, and nothing else is needed to begin it, to go on, or to end it. After a
 * restart it goes on where it was: the step whose outcome is not known begins again. No wave that is open is taken back: what is back
 * stays back, unless a person has it otherwise.
 *
 * <pre>
 *   from              on                          to
 *   RUNNING           pause                       PAUSED
 *   PAUSED            resume                      RUNNING
 *   RUNNING, PAUSED   the last wave is open       DONE
 *   RUNNING, PAUSED   abort                       ABORTED
 *   DONE, ABORTED     start                       RUNNING, as another one
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class Ramp implements AutoCloseable {
    private final Time time;
    private final Gates gates;
    private final Load load;
    private final Admission admission;
    private final RampConfig config;
    private final ReentrantLock changing;
    private final List<Consumer<RampEvent>> listeners = new CopyOnWriteArrayList<>();
    private @Nullable RampRun run;
    private @Nullable Thread looking;

    /** What became of what a person wanted. */
    public sealed interface Outcome {
        /** @param notKept why the node's disk did not keep it, so that it is in force until the next start only unless the disk takes it later; empty when it did */
        record Done(RampStatus status, String notKept) implements Outcome {}

        /** Nothing has changed. */
        record Refused(Refusal why, String sentence) implements Outcome {}
    }

    /** Why something is not done. */
    public enum Refusal {
        /** There is one under way. */
        UNDER_WAY,
        /** There is none under way, or it is not in the state for that. */
        NOT_UNDER_WAY,
        /** No namespace would take part. */
        NOTHING_TO_OPEN,
        /** There is no such wave, or it is open already. */
        NO_SUCH_WAVE,
        /** The node's disk does not take it. */
        NOT_KEPT
    }

    /**
     * Which namespaces take part: those that are named; or else all whose gates are not open, and with {@code all} the open ones too, which
     * let nothing more through from the begin until their wave. Closed ones only if they are named.
     */
    public record Choice(List<NamespaceId> named, boolean all) {
        public Choice {
            named = List.copyOf(named);
        }
    }

    /**
     * What a ramp would be.
     *
     * @param waves what each will be, in the order of the plan
     * @param takes from its begin to its end if nothing goes wrong
     * @param shuts how many namespaces are open now and would not be until their wave
     * @param hotKeys how many keys stand out now
     */
    public record Preview(RampPlan plan, List<Foreseen> waves, Duration takes, int shuts, int hotKeys) {
        public Preview {
            waves = List.copyOf(waves);
        }
    }

    private Ramp(Time time, Gates gates, Load load, Admission admission, RampConfig config) {
        this.time = time;
        this.gates = gates;
        this.load = load;
        this.admission = admission;
        this.config = config;
        this.changing = gates.changing();
    }

    /** The ramp that this node's disk has; it goes on if it was under way. */
    static Ramp open(Time time, LocalStore local, Gates gates, Load load, Admission admission, RampConfig config)
            throws LocalStoreFault {
        Ramp ramp = new Ramp(time, gates, load, admission, config);
        gates.heldBy(ramp.new OfGates());
        RampBook.Kept kept = new RampBook(local).read();
        if (kept != null) {
            ramp.under(() -> {
                RampRun run = ramp.made(kept.plan(), kept.state());
                ramp.run = run;
                if (run.underWay()) {
                    run.goOnAfterRestart();
                    ramp.watch(run);
                }
                return run;
            });
        }
        return ramp;
    }

    private RampRun made(RampPlan plan, RampState state) {
        return new RampRun(time, gates, config, plan, new RampSteps(config, plan, load), state, this::tell);
    }

    private <T> T under(Supplier<T> work) {
        changing.lock();
        try {
            return work.get();
        } finally {
            changing.unlock();
        }
    }

    /** Tells of all that happens from now on, in order. A listener must not take long. */
    public void listen(Consumer<RampEvent> listener) {
        listeners.add(listener);
    }

    private void tell(RampEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }

    /** What the gates want of the present ramp, or the last one. */
    private final class OfGates implements Gates.Ramping {
        @Override
        public void setByHand(Setting setting, Batch batch) {
            RampRun now = run;
            if (now != null) {
                now.setByHand(setting, batch);
            }
        }

        @Override
        public void keep(Batch batch) {
            RampRun now = run;
            if (now != null) {
                now.keep(batch);
            }
        }
    }

    /** Looks at the store for as long as a ramp is under way. */
    private void watch(RampRun of) {
        // What was seen before is of another time.
        Signals.Seen _ = admission.look();
        boolean[] begun = {false};
        looking = Background.start(time, "ramp", () -> {
            if (begun[0]) {
                gates.keep();
                Signals.Seen seen = admission.look();
                boolean goesOn = under(() -> {
                    of.look(seen);
                    return of.underWay();
                });
                if (!goesOn) {
                    Thread.currentThread().interrupt();
                }
            }
            begun[0] = true;
            return config.look().toNanos();
        });
    }

    /**
     * What a ramp would be if it began now.
     *
     * @param namespaces all there are
     */
    public Preview plan(List<Namespace> namespaces, Choice choice) {
        List<Namespace> chosen =
                namespaces.stream().filter(each -> takesPart(each.id(), choice)).toList();
        RampPlan plan = new RampPlanner(chosen, this::before, load::perSecond).plan();
        List<String> notes = new ArrayList<>(plan.notes());
        long closed = namespaces.stream()
                .filter(each -> gates.of(each.id()).kind() == Gate.Kind.CLOSED && !takesPart(each.id(), choice))
                .count();
        if (closed > 0) {
            notes.add(closed + (closed == 1 ? " namespace is" : " namespaces are")
                    + " closed and take no part, unless named.");
        }
        RampPlan whole = new RampPlan(plan.waves(), notes);
        RampSteps steps = new RampSteps(config, whole, load);
        List<Foreseen> waves = steps.foresee();
        Duration takes = waves.stream().map(Foreseen::takes).reduce(config.look(), Duration::plus);
        int shuts = (int) chosen.stream()
                .filter(each -> gates.of(each.id()).equals(Gate.OPEN))
                .count();
        return new Preview(whole, waves, takes, shuts, steps.hotKeys());
    }

    private boolean takesPart(NamespaceId id, Choice choice) {
        if (!choice.named().isEmpty()) {
            return choice.named().contains(id);
        }
        Gate gate = gates.of(id);
        return gate.kind() != Gate.Kind.CLOSED && (choice.all() || !gate.equals(Gate.OPEN));
    }

    /** What a namespace may do from the begin of a ramp until its wave. */
    private Gate before(NamespaceId id) {
        Gate gate = gates.of(id);
        return gate.equals(Gate.OPEN) ? Gate.STALE_ONLY : gate;
    }

    /**
     * Begins one.
     *
     * @param namespaces all there are
     * @param by who, for people
     */
    public Outcome start(List<Namespace> namespaces, Choice choice, String by, String why) {
        return under(() -> {
            if (underWay().isPresent()) {
                return new Outcome.Refused(Refusal.UNDER_WAY, "A ramp is under way at this node; abort it first.");
            }
            RampPlan plan = plan(namespaces, choice).plan();
            List<NamespaceId> taken =
                    plan.members().stream().map(RampPlan.Member::id).toList();
            if (taken.isEmpty()) {
                return new Outcome.Refused(
                        Refusal.NOTHING_TO_OPEN, "No gate of this node is stale-only or partly open.");
            }
            RampState state = RampState.begin(
                    new Begun(time.wallMillis(), by, why),
                    new RampEvent(
                            time.wallMillis(),
                            Kind.BEGUN,
                            1,
                            by,
                            "Begun, of " + taken.size() + (taken.size() == 1 ? " namespace in " : " namespaces in ")
                                    + plan.waves().size() + " waves" + (why.isEmpty() ? "." : ": " + why + ".")));
            Batch batch = RampBook.add(RampBook.add(gates.change(), plan), state);
            gates.move(batch, taken, List.of());
            String notKept = gates.commit(batch, taken);
            if (!notKept.isEmpty()) {
                return new Outcome.Refused(
                        Refusal.NOT_KEPT, "The node's disk does not take it, so nothing has begun: " + notKept + ".");
            }
            RampRun begun = made(plan, state);
            run = begun;
            begun.begin();
            gates.moved(taken, List.of());
            watch(begun);
            return new Outcome.Done(begun.status(), "");
        });
    }

    private Optional<RampRun> underWay() {
        return Optional.ofNullable(run).filter(RampRun::underWay);
    }

    /** Decides nothing more until it is resumed; what is open stays open. */
    public Outcome pause(String by) {
        return wanted(now -> now.paused() ? refused("It is paused already.") : done(now, now.pause(by)));
    }

    public Outcome resume(String by) {
        return wanted(now -> now.paused() ? done(now, now.resume(by)) : refused("It is not paused."));
    }

    /**
     * Leaves a wave as it is, and goes on with the one after it. When all is over, its gates stay as if set by hand.
     *
     * @param number of the wave, from 1; 0 for the one that is opening
     */
    public Outcome skip(int number, String by) {
        return wanted(now -> {
            int wave = number == 0 ? now.wave() : number - 1;
            return now.ahead(wave)
                    ? done(now, now.skip(wave, by))
                    : new Outcome.Refused(
                            Refusal.NO_SUCH_WAVE,
                            "Wave " + (wave + 1) + " is not to come: it is open, skipped or none.");
        });
    }

    /** Takes the next step now, whatever the signals say. */
    public Outcome override(String by) {
        return wanted(now -> now.override(by)
                ? done(now, "")
                : new Outcome.Refused(Refusal.NOT_KEPT, "The node's disk does not take it, so nothing has changed."));
    }

    /**
     * Ends it.
     *
     * @param open whether all is opened; otherwise all stays as it is, as if set by hand
     */
    public Outcome abort(boolean open, String by) {
        return wanted(now -> done(now, now.abort(open, by)));
    }

    private Outcome wanted(Function<RampRun, Outcome> what) {
        return under(() -> underWay()
                .map(what)
                .orElseGet(() -> new Outcome.Refused(Refusal.NOT_UNDER_WAY, "No ramp is under way at this node.")));
    }

    private static Outcome refused(String sentence) {
        return new Outcome.Refused(Refusal.NOT_UNDER_WAY, sentence);
    }

    private static Outcome done(RampRun of, String notKept) {
        return new Outcome.Done(of.status(), notKept);
    }

    /** The ramp that is under way, or else the last one; empty when there never was one. */
    public Optional<RampStatus> status() {
        return under(() -> Optional.ofNullable(run).map(RampRun::status));
    }

    /** The bounds and times that it goes by. */
    public RampConfig config() {
        return config;
    }

    @Override
    public void close() {
        // Not under the lock, which the last look may want.
        Background.end(under(() -> looking));
    }
}
