package dev.holdfast.engine.admission;

import dev.holdfast.engine.admission.Gates.Setting;
import dev.holdfast.engine.admission.RampPlan.Member;
import dev.holdfast.engine.admission.RampPlan.Wave;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.KeyRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a ramp says of the gates that nobody has set by hand: its namespaces that are not open, and keys that come in before. Immutable. */
record RampGates(Map<NamespaceId, Setting> settings, Set<KeyRef> hottest) {
    static final RampGates NONE = new RampGates(Map.of(), Set.of());

    RampGates {
        settings = Map.copyOf(settings);
    }

    /**
     * The gates of a ramp after it has changed.
     *
     * @param before what they were
     * @param at when it has changed, in milliseconds since the Unix epoch
     */
    static RampGates of(RampPlan plan, RampState state, RampGates before, long at) {
        if (state.phase().over()) {
            return NONE;
        }
        Map<NamespaceId, Setting> settings = new HashMap<>();
        for (Setting setting : shut(plan, state, at)) {
            Setting known = before.setting(setting.namespace());
            boolean same = known != null && known.gate().equals(setting.gate());
            settings.put(setting.namespace(), same ? known : setting);
        }
        return new RampGates(settings, state.hottest());
    }

    /** The gates that are not open as a ramp has it, whether or not it is over. */
    static List<Setting> shut(RampPlan plan, RampState state, long at) {
        List<Setting> shut = new ArrayList<>();
        for (int i = 0; i < plan.waves().size(); i++) {
            Wave wave = plan.waves().get(i);
            String why = "wave " + (i + 1) + " of " + plan.waves().size() + " of a ramp"
                    + (state.begun().why().isEmpty() ? "" : ", " + state.begun().why());
            for (Member member : wave.members()) {
                Gate gate = state.gate(i, member);
                if (!gate.equals(Gate.OPEN) && !state.byHand().contains(member.id())) {
                    shut.add(new Setting(member.id(), gate, state.begun().by(), why, at));
                }
            }
        }
        return shut;
    }

    @Nullable
    Setting setting(NamespaceId namespace) {
        return settings.get(namespace);
    }

    /** Whether a key comes in though its namespace's gate would not let it. */
    boolean letsIn(NamespaceId namespace, Key key) {
        return !hottest.isEmpty() && settings.containsKey(namespace) && hottest.contains(new KeyRef(namespace, key));
    }
}
