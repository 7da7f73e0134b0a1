package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.OnOutage;
import dev.holdfast.simulation.history.NearRead;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is answered from near, and through edges, by all rules for that: at most one violation for each key and rule, the first. */
public final class NearCheck implements Checker {
    private final OnOutage onOutage;
    private final boolean alone;

    /**
     * @param onOutage what the namespace has readers given while nobody can be asked
     * @param origins how many there are
     */
    public NearCheck(OnOutage onOutage, int origins) {
        this.onOutage = onOutage;
        this.alone = origins == 1;
    }

    @Override
    public List<Violation> check(Evidence evidence) {
        Map<Key, List<NearRead>> reads = new HashMap<>();
        for (NearRead read : evidence.history().nearReads()) {
            if (read.answer() != null) {
                reads.computeIfAbsent(read.key(), _ -> new ArrayList<>()).add(read);
            }
        }
        if (reads.isEmpty()) {
            return List.of();
        }
        Held held = new Held(evidence.history());
        List<Violation> violations = new ArrayList<>();
        for (Register register : evidence.registers()) {
            List<NearRead> ofKey = reads.getOrDefault(register.key(), List.of());
            List<NearRule> rules = List.of(
                    new NearValue(evidence, register.key()),
                    new NearOutage(onOutage),
                    new NearShown(evidence.history(), register, ofKey, alone),
                    new NearSession(evidence.history(), register, alone),
                    new NearAge(evidence.history(), register, held, alone),
                    new NearLast(evidence.history(), register, alone));
            for (NearRule rule : rules) {
                first(rule, ofKey, evidence, violations);
            }
        }
        return violations;
    }

    private static void first(NearRule rule, List<NearRead> reads, Evidence evidence, List<Violation> violations) {
        for (NearRead read : reads) {
            String wrong = rule.wrong(read);
            if (wrong != null) {
                violations.add(new Violation(
                        rule.promise(), read.key() + ": " + wrong, Story.around(evidence.history(), read)));
                return;
            }
        }
    }
}
