package dev.holdfast.engine.admission;

import dev.holdfast.engine.admission.Gates.Setting;
import dev.holdfast.engine.admission.RampEvent.Kind;
import dev.holdfast.engine.admission.RampPlan.Member;
import dev.holdfast.engine.admission.RampPlan.Wave;
import dev.holdfast.engine.admission.RampState.Phase;
import dev.holdfast.engine.admission.RampStatus.WaveView;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One ramp: what is decided at each look, and what people want of it. What it decides by itself is on the disk before it is in force; what a
 * person wants is in force whether or not the disk takes it. Not thread-safe: it is called under the lock of the gates.
 */
final class RampRun {
    /** After so many times the calm a step with hardly any call goes on all the same: nobody is hurt by it who does not ask. */
    private static final int CALMS_WITHOUT_CALLS = 4;

    private final Time time;
    private final Gates gates;
    private final RampConfig config;
    private final RampPlan plan;
    private final RampSteps steps;
    private final Consumer<RampEvent> tell;
    private RampState state;
    /** Since when all has been inside the bounds, or since the last step if that is later. */
    private long calmSince;

    /** Calls that have ended since then. */
    private long calls;

    private long outsideSince;
    private String holding = "";
    private Signals.Seen seen = Signals.Seen.NOTHING;

    RampRun(
            Time time,
            Gates gates,
            RampConfig config,
            RampPlan plan,
            RampSteps steps,
            RampState state,
            Consumer<RampEvent> tell) {
        this.time = time;
        this.gates = gates;
        this.config = config;
        this.plan = plan;
        this.steps = steps;
        this.tell = tell;
        this.state = state;
        this.calmSince = time.nanos();
    }

    boolean underWay() {
        return !state.phase().over();
    }

    boolean paused() {
        return state.phase() == Phase.PAUSED;
    }

    /** It is on the disk: its gates are in force, and its first step comes with the first look. */
    void begin() {
        inForce(state);
        stepWithNextLook();
        tell.accept(state.history().getLast());
    }

    private void stepWithNextLook() {
        calmSince = time.nanos() - config.calm().toNanos();
    }

    /** The node has started again. What came of the last step is not known, so it begins again. */
    void goOnAfterRestart() {
        inForce(state);
        String sentence = "The node started again; " + named(wave()) + " goes on at "
                + percent(state.at().share()) + (paused() ? ", paused." : ".");
        change(state, Kind.RESTARTED, sentence);
    }

    /** Decides what comes of a look at the store. */
    void look(Signals.Seen now) {
        seen = now;
        if (state.phase() != Phase.RUNNING) {
            return;
        }
        calls += now.calls();
        List<String> outside = now.outside(config);
        if (!outside.isEmpty()) {
            hold(String.join("; ", outside));
        } else if (!holding.isEmpty()) {
            holding = "";
            watchAnew();
            change(
                    state,
                    Kind.CALM,
                    "All is inside the bounds again; goes on in " + seconds(config.calm()) + " if that lasts.");
        } else if (calmFor() >= config.calm().toNanos() && waiting().isEmpty()) {
            forward(
                    Kind.STEP,
                    "",
                    evidence()
                            ? "all was inside the bounds"
                            : "hardly anybody has asked for anything, so nobody is hurt");
        }
    }

    private long calmFor() {
        return time.nanos() - calmSince;
    }

    private void watchAnew() {
        calmSince = time.nanos();
        calls = 0;
    }

    /** Whether it has been seen how the store does with what is let in; where nothing of a wave is, there is nothing to see. */
    private boolean evidence() {
        return calls >= Signals.LEAST || state.at().share() == 0;
    }

    /** Why it does not take the next step though it has been calm for long enough; empty when it does, or has not. */
    private String waiting() {
        long most = CALMS_WITHOUT_CALLS * config.calm().toNanos();
        if (state.phase() != Phase.RUNNING
                || !holding.isEmpty()
                || calmFor() < config.calm().toNanos()
                || calmFor() >= most
                || evidence()) {
            return "";
        }
        return (calls == 0 ? "no call has" : calls == 1 ? "1 call has" : calls + " calls have")
                + " come since the last step, and fewer than " + Signals.LEAST
                + " are no evidence; without more it goes on " + seconds(Duration.ofNanos(most)) + " after that step";
    }

    private void hold(String why) {
        boolean first = holding.isEmpty();
        holding = why;
        if (first) {
            outsideSince = time.nanos();
            change(state, Kind.HOLD, "Holds at " + percent(state.at().share()) + ": " + why + ".");
        } else if (time.nanos() - outsideSince >= config.patience().toNanos()
                && !state.at().trail().isEmpty()) {
            int from = state.at().share();
            RampState back = steps.back(state);
            outsideSince = time.nanos();
            change(
                    back,
                    Kind.BACK,
                    capital(named(wave())) + " goes back from " + percent(from) + " to "
                            + percent(back.at().share()) + ", since this has lasted for " + seconds(config.patience())
                            + ": " + why + ".");
        }
    }

    /** Takes the next step. @return whether the disk took it */
    private boolean forward(Kind kind, String by, String why) {
        Optional<RampState> found = steps.after(state);
        if (found.isEmpty()) {
            end(by);
            return true;
        }
        RampState next = found.get();
        boolean further = next.at().wave() != wave();
        int failed = further ? 0 : state.at().failed();
        String sentence = (further ? capital(named(wave())) + " is open. " : "")
                + capital(named(next.at().wave())) + " is opened to "
                + percent(next.at().share())
                + (plan.waves().get(next.at().wave()).hottest()
                        ? keys(next.hottest().size())
                        : "")
                + steps.whyLess(next, failed) + ": " + why + ".";
        RampEvent event = event(next, kind, by, sentence);
        if (!changed(next, event)) {
            return false;
        }
        watchAnew();
        outsideSince = calmSince;
        return true;
    }

    private void end(String by) {
        List<Setting> left = RampGates.shut(plan, state, time.wallMillis());
        changeAnyway(
                state.in(Phase.DONE, time.wallMillis()),
                Kind.DONE,
                by,
                left.isEmpty()
                        ? "All waves are open."
                        : "All waves are open that were not skipped. " + left.size()
                                + " gates stay as they are, as if set by hand.",
                left);
    }

    /** @return why the disk did not keep it; empty when it did */
    String pause(String by) {
        holding = "";
        return changeAnyway(state.in(Phase.PAUSED, 0), Kind.PAUSED, by, "Paused.", List.of());
    }

    /** @return why the disk did not keep it; empty when it did */
    String resume(String by) {
        holding = "";
        watchAnew();
        return changeAnyway(
                state.in(Phase.RUNNING, 0),
                Kind.RESUMED,
                by,
                "Resumed; the next step comes in " + seconds(config.calm()) + " if all is inside the bounds.",
                List.of());
    }

    /** The index of the wave that is opening. */
    int wave() {
        return state.at().wave();
    }

    /** Whether a wave, by its index, is opening or still to come. */
    boolean ahead(int wave) {
        return wave >= wave() && wave < plan.waves().size() && !state.skipped().containsKey(wave);
    }

    /** Leaves a wave as it is. @return why the disk did not keep it; empty when it did */
    String skip(int wave, String by) {
        String sentence = capital(named(wave)) + " is skipped and stays at " + percent(state.share(wave)) + ".";
        RampState next = state.skipping(wave, state.share(wave));
        int following = steps.following(wave, next);
        boolean last = following == plan.waves().size();
        if (wave == wave() && !last) {
            next = next.at(steps.begin(following, next));
            stepWithNextLook();
        }
        String unkept = changeAnyway(next, Kind.SKIPPED, by, sentence, List.of());
        if (wave == wave() && last) {
            end(by);
        }
        return unkept;
    }

    /** Takes the next step whatever the signals say. @return whether the disk took it */
    boolean override(String by) {
        holding = "";
        return forward(Kind.OVERRIDDEN, by, "it was wanted so");
    }

    /** Ends it: all is opened, or stays as it is. @return why the disk did not keep it; empty when it did */
    String abort(boolean open, String by) {
        List<Setting> left = open ? List.of() : RampGates.shut(plan, state, time.wallMillis());
        return changeAnyway(
                state.in(Phase.ABORTED, time.wallMillis()),
                Kind.ABORTED,
                by,
                open
                        ? "Aborted, and all is open."
                        : "Aborted; " + left.size() + " gates stay as they are, as if set by hand.",
                left);
    }

    /** Somebody has set a gate that was this ramp's: that word counts. Adds to the batch what is to be kept of it. */
    void setByHand(Setting setting, Batch batch) {
        Optional<Member> member = plan.member(setting.namespace());
        if (!underWay() || member.isEmpty()) {
            return;
        }
        RampState next = state.without(setting.namespace());
        RampEvent event = event(
                next,
                Kind.BY_HAND,
                setting.by(),
                member.get().title() + " was set to " + setting.gate() + " by hand, and is no longer this ramp's.");
        RampBook.add(batch, next.noted(event));
        inForce(next.noted(event));
        tell.accept(event);
    }

    /** Adds to a batch how it is. */
    void keep(Batch batch) {
        RampBook.add(RampBook.add(batch, plan), state);
    }

    private RampEvent event(RampState of, Kind kind, String by, String sentence) {
        return new RampEvent(time.wallMillis(), kind, of.at().wave() + 1, by, sentence);
    }

    private void change(RampState next, Kind kind, String sentence) {
        boolean _ = changed(next, event(next, kind, "", sentence));
    }

    /** Keeps a change and has it in force; changes nothing when the disk does not take it. */
    private boolean changed(RampState next, RampEvent event) {
        if (!gates.commit(RampBook.add(gates.change(), next.noted(event)), List.of())
                .isEmpty()) {
            return false;
        }
        inForce(next.noted(event));
        tell.accept(event);
        return true;
    }

    /** @param left gates that are as if set by hand from now on */
    private String changeAnyway(RampState next, Kind kind, String by, String sentence, List<Setting> left) {
        RampEvent event = event(next, kind, by, sentence);
        Batch batch = RampBook.add(gates.change(), next.noted(event));
        gates.move(batch, List.of(), left);
        String notKept =
                gates.commit(batch, left.stream().map(Setting::namespace).toList());
        gates.moved(List.of(), left);
        inForce(next.noted(event));
        tell.accept(event);
        return notKept;
    }

    private void inForce(RampState next) {
        state = next;
        gates.ramp(RampGates.of(plan, next, gates.ramp(), time.wallMillis()));
    }

    RampStatus status() {
        List<WaveView> waves = new ArrayList<>();
        for (int i = 0; i < plan.waves().size(); i++) {
            Wave wave = plan.waves().get(i);
            int keys = wave.hottest() ? state.hottest().size() : 0;
            waves.add(new WaveView(i + 1, wave, state.share(i), progress(i), keys));
        }
        Duration calm = underWay() && holding.isEmpty() && state.phase() == Phase.RUNNING
                ? Duration.ofNanos(Math.min(config.calm().toNanos(), time.nanos() - calmSince))
                : Duration.ZERO;
        Duration left = underWay() ? steps.left(state).plus(steps.calm()).minus(calm) : Duration.ZERO;
        return new RampStatus(
                state.phase().label(),
                state.begun().at(),
                state.endedAt(),
                state.begun().by(),
                state.begun().why(),
                wave() + 1,
                waves,
                plan.notes(),
                holding,
                waiting(),
                calm,
                left,
                RampStatus.Look.of(seen),
                byHand(),
                gates.notKept(),
                state.history());
    }

    private String progress(int wave) {
        if (state.skipped().containsKey(wave)) {
            return "skipped";
        }
        if (state.share(wave) == Gate.SHARES && (wave < wave() || !underWay())) {
            return "open";
        }
        return wave == wave() && underWay() ? "opening" : wave < wave() ? "open" : "waiting";
    }

    private List<Setting> byHand() {
        List<Setting> all = new ArrayList<>();
        for (NamespaceId id : state.byHand().stream().sorted().toList()) {
            Setting now = gates.byHand(id);
            all.add(now != null ? now : new Setting(id, Gate.OPEN, "", "", 0));
        }
        return all;
    }

    private String named(int wave) {
        String name = "wave " + (wave + 1) + " of " + plan.waves().size();
        return plan.waves().get(wave).hottest() ? name + " (the hottest keys)" : name;
    }

    private static String keys(int count) {
        return count == 1 ? ", 1 key" : ", " + count + " keys";
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String percent(int share) {
        return share + " %";
    }

    private static String seconds(Duration duration) {
        return String.format(
                Locale.ROOT, duration.toMillis() % 1000 == 0 ? "%.0f s" : "%.1f s", duration.toMillis() / 1e3);
    }
}
