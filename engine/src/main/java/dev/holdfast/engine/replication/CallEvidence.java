package dev.holdfast.engine.replication;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.replication.StoreStatus.CallsView;
import dev.holdfast.engine.replication.StoreStatus.EvidenceView;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What one provider's answers have shown since the start, whatever {@link Health} makes of it. Thread-safe. */
final class CallEvidence {
    private final Map<CallKind, OfKind> kinds = new EnumMap<>(CallKind.class);
    private final LongAdder contradicted = new LongAdder();
    private volatile String contradiction = "";

    /** Of calls of one kind. */
    private static final class OfKind {
        private final LongAdder good = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final LongAdder late = new LongAdder();
        private final Map<FaultKind, LongAdder> faults = new EnumMap<>(FaultKind.class);

        private OfKind() {
            for (FaultKind kind : FaultKind.values()) {
                faults.put(kind, new LongAdder());
            }
        }
    }

    CallEvidence() {
        for (CallKind kind : CallKind.values()) {
            kinds.put(kind, new OfKind());
        }
    }

    void answered(CallKind kind, long nanos) {
        OfKind calls = of(kind);
        calls.good.increment();
        calls.nanos.add(nanos);
    }

    void late(CallKind kind) {
        of(kind).late.increment();
    }

    void faulted(CallKind kind, FaultKind fault) {
        LongAdder count = of(kind).faults.get(fault);
        if (count != null) {
            count.increment();
        }
    }

    /** It lacks or alters what it has acknowledged, as a second look has shown, too. */
    void contradicted(String sentence) {
        contradiction = sentence;
        contradicted.increment();
    }

    private OfKind of(CallKind kind) {
        OfKind found = kinds.get(kind);
        if (found == null) {
            throw new AssertionError(kind);
        }
        return found;
    }

    EvidenceView view() {
        List<CallsView> calls = new ArrayList<>(kinds.size());
        kinds.forEach((kind, of) -> {
            Map<FaultKind, Long> faults = new EnumMap<>(FaultKind.class);
            of.faults.forEach((fault, count) -> faults.put(fault, count.sum()));
            calls.add(new CallsView(kind, of.good.sum(), of.nanos.sum(), of.late.sum(), faults));
        });
        return new EvidenceView(contradicted.sum(), contradiction, calls);
    }
}
