package dev.holdfast.engine.incident;

import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.replication.StoreStatus.Move;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the store does about its providers: their states, and how they are brought up to date. */
final class ProviderActs {
    private final Map<String, String> phases = new HashMap<>();
    private final Map<String, Long> drainedBefore = new HashMap<>();
    private long told;

    /** What was done until {@code status} since the one before, a sentence each. */
    List<String> news(StoreStatus status) {
        List<String> news = new ArrayList<>();
        for (Move move : status.moves()) {
            if (move.number() > told) {
                told = move.number();
                news.add("Provider " + move.provider() + " is " + move.to().label() + " (was "
                        + move.from().label() + "): " + move.evidence() + "." + given(move, status));
            }
        }
        for (ProviderView provider : status.providers()) {
            String phase = provider.doing();
            String before = phases.put(provider.name(), phase);
            if (before != null && !before.equals(phase) && !phase.isEmpty() && !phase.equals("probing")) {
                news.add(phased(provider));
            }
        }
        return news;
    }

    /** How much it and others were given since it had been given up. */
    private String given(Move move, StoreStatus status) {
        long drained = status.counters().drained();
        if (move.to() == ProviderState.CURRENT) {
            return " " + (drained - drainedBefore.getOrDefault(move.provider(), 0L))
                    + " missed writes were handed over meanwhile.";
        }
        if (move.from() == ProviderState.CURRENT) {
            drainedBefore.put(move.provider(), drained);
        }
        return "";
    }

    private static String phased(ProviderView provider) {
        return provider.doing().equals("draining")
                ? "Provider " + provider.name() + " is given the " + provider.hints() + " writes that it has missed."
                : "Provider " + provider.name() + " is compared with the others.";
    }
}
