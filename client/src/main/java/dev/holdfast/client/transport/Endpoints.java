package dev.holdfast.client.transport;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which server a request goes to: the first in the order given that is well. Staying with one keeps its cache warm and one's
 * own writes in sight. The last one is never given up: when none is well, the one that has been left alone longest is asked.
 */
final class Endpoints {
    private final List<Endpoint> all;

    Endpoints(List<URI> bases, Time time) {
        if (bases.isEmpty()) {
            throw new IllegalArgumentException("at least one endpoint is needed");
        }
        this.all = bases.stream().map(base -> new Endpoint(base, time)).toList();
    }

    /**
     * @param tried those that this call has asked; they come last
     * @param safe whether the request may find out if an endpoint is back
     */
    Endpoint choose(Collection<Endpoint> tried, boolean safe) {
        Endpoint best = null;
        for (Endpoint endpoint : all) {
            if (best == null || better(endpoint, best, tried, safe)) {
                best = endpoint;
            }
        }
        return java.util.Objects.requireNonNull(best);
    }

    /** Another one that is well, for a hedge; null when there is none. */
    @Nullable
    Endpoint spare(Collection<Endpoint> tried) {
        for (Endpoint endpoint : all) {
            if (!tried.contains(endpoint) && endpoint.standing() == Endpoint.Standing.WELL) {
                return endpoint;
            }
        }
        return null;
    }

    private static boolean better(Endpoint one, Endpoint other, Collection<Endpoint> tried, boolean safe) {
        int difference = rank(one, tried, safe) - rank(other, tried, safe);
        return difference < 0 || (difference == 0 && one.waitNanos() > 0 && one.waitNanos() < other.waitNanos());
    }

    private static int rank(Endpoint endpoint, Collection<Endpoint> tried, boolean safe) {
        int rank = switch (endpoint.standing()) {
            case WELL -> 0;
            // A read finds out, though a server further down the list is well; a write takes the server that is well.
            case DUE -> safe ? 0 : 1;
            case PAUSED -> 2;
        };
        return tried.contains(endpoint) ? rank + 3 : rank;
    }

    /** Whether some endpoint is likely to answer. */
    boolean promising() {
        return all.stream().anyMatch(endpoint -> !endpoint.failing());
    }

    int down() {
        return (int) all.stream().filter(Endpoint::down).count();
    }
}
