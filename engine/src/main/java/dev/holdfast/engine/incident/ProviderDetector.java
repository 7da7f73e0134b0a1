package dev.holdfast.engine.incident;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.StoreStatus.Move;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A provider that was given up, be it for a moment, is wrong until it is current again, catching up included. One that refuses for
 * want of room or of a good credential is wrong at the first such answer: that is no lost packet, and nothing that comes back by itself.
 */
final class ProviderDetector implements Detector {
    private static final long HELD_NANOS = 5_000_000_000L;
    private static final List<FaultKind> NO_ACCIDENT =
            List.of(FaultKind.UNAUTHORIZED, FaultKind.DISK_FULL, FaultKind.ROLLED_BACK);

    private static final int WORDS = 3;
    /** What a provider that is gone is given up for, by chance. */
    private static final List<String> NO_ANSWER = List.of("no answer", "UNAVAILABLE", "TIMEOUT");

    private static final long START_NANOS = 60_000_000_000L;

    private final Set<String> away = new HashSet<>();
    private @Nullable Long begunAt;
    private final Held held = new Held(HELD_NANOS);
    private long moves;

    @Override
    public void look(Observation now, Consumer<Finding> found) {
        if (begunAt == null) {
            begunAt = now.nanos();
        }
        boolean starting = now.nanos() - begunAt < START_NANOS;
        for (Move move : now.store().moves()) {
            if (move.number() > moves) {
                moves = move.number();
                if (givenUp(move.to()) && !(starting && news(move.evidence()))) {
                    held.found(finding(move.provider(), move.to(), move.evidence()), now.nanos());
                }
            }
        }
        for (ProviderDelta provider : now.providers()) {
            for (FaultKind kind : NO_ACCIDENT) {
                if (provider.faults(kind) > 0) {
                    held.found(refusal(provider.name(), kind), now.nanos());
                }
            }
            if (!(starting && news(provider.view().why())) && isAway(provider.view())) {
                found.accept(finding(
                        provider.name(),
                        provider.view().state(),
                        provider.view().why()));
            }
        }
        held.forEach(now.nanos(), finding -> {
            if (!away.contains(finding.subject())) {
                found.accept(finding);
            }
        });
    }

    private boolean isAway(ProviderView provider) {
        if (givenUp(provider.state())) {
            away.add(provider.name());
        } else if (provider.state() == ProviderState.CURRENT) {
            away.remove(provider.name());
        }
        return away.contains(provider.name());
    }

    private static boolean givenUp(ProviderState state) {
        return state == ProviderState.SUSPECT || state == ProviderState.DOWN;
    }

    private static Finding finding(String name, ProviderState state, String why) {
        return new Finding(
                AlarmKind.PROVIDER, name, symptom(why), "Provider " + name + " is " + state.label() + ": " + why + ".");
    }

    private static Finding refusal(String name, FaultKind kind) {
        String how = switch (kind) {
            case UNAUTHORIZED -> "does not accept this node's credentials";
            case DISK_FULL -> "has no room left";
            case ROLLED_BACK -> "holds an older state than it held";
            case UNAVAILABLE, TIMEOUT, THROTTLED, CORRUPT -> throw new AssertionError(kind);
        };
        return new Finding(AlarmKind.PROVIDER, name, kind.name(), "Provider " + name + " " + how + ".");
    }

    /** A node that sees a place for the first time takes its time to know it, which is nothing wrong. */
    private static boolean news(String why) {
        return why.equals("its place is new") || why.equals("this node does not know its place yet");
    }

    /** The kind of fault with which the evidence begins, or its first words: what follows them differs from provider to provider. */
    private static String symptom(String why) {
        if (NO_ANSWER.stream().anyMatch(why::startsWith)) {
            return NO_ANSWER.getFirst();
        }
        int end = why.indexOf(':');
        return end >= 0
                ? why.substring(0, end)
                : Arrays.stream(why.split(" ")).limit(WORDS).collect(Collectors.joining(" "));
    }
}
