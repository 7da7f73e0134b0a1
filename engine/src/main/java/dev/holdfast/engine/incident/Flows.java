package dev.holdfast.engine.incident;

import dev.holdfast.engine.kv.Namespace.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What became of the requests of each tier and namespace in the windows that detectors and severity go by. Belongs to one thread. */
final class Flows {
    /** Beyond this, namespaces are only seen in their tiers. */
    private static final int MOST_NAMESPACES = 5_000;

    private final List<Flow> tiers = new ArrayList<>();
    private final SequencedMap<String, Flow> namespaces = new LinkedHashMap<>();

    /** Of a tier, or of a namespace. */
    static final class Flow {
        static final int TOTAL = 0;
        static final int REFUSED = 1;
        static final int STALE = 2;
        static final int SLOW = 3;
        /** Looks in which some were refused or slow. */
        private static final int FAILING_LOOKS = 4;

        private static final int STALE_LOOKS = 5;
        private static final int FIELDS = 6;

        /** Of this many looks more than so many must have seen it. */
        private static final int LOOKS_OF_A_PAUSE = 5;

        private static final int LOOKS_HIT = 2;

        private static final long LOOK = 250_000_000L;
        private static final long SECOND = 1_000_000_000L;

        /** Its id; empty for all of a tier. */
        final String namespace;

        final int tier;
        /** For windows up to six seconds, one minute to six, half an hour to six hours, and three days. */
        private final Ring looks = new Ring(LOOK, 25, FIELDS);

        private final Ring tenSeconds = new Ring(10 * SECOND, 37, FIELDS);
        private final Ring fiveMinutes = new Ring(300 * SECOND, 73, FIELDS);
        private final Ring hours = new Ring(3600 * SECOND, 73, FIELDS);
        private long hurtAt = Long.MIN_VALUE;
        private long begunAt = Long.MIN_VALUE;

        Flow(String namespace, int tier) {
            this.namespace = namespace;
            this.tier = tier;
        }

        private void add(long nanos, FlowDelta delta) {
            begunAt = begunAt == Long.MIN_VALUE ? nanos : begunAt;
            add(nanos, TOTAL, delta.requests());
            add(nanos, REFUSED, delta.refused());
            add(nanos, STALE, delta.stale());
            add(nanos, SLOW, delta.slow());
            mark(nanos, FAILING_LOOKS, delta.refused() + delta.slow() > 0);
            mark(nanos, STALE_LOOKS, delta.stale() > 0);
            hurtAt = delta.hurt() ? nanos : hurtAt;
        }

        private void add(long nanos, int field, long count) {
            if (count > 0) {
                looks.add(nanos, field, count);
                tenSeconds.add(nanos, field, count);
                fiveMinutes.add(nanos, field, count);
                hours.add(nanos, field, count);
            }
        }

        /** Once for each look, however many namespaces of a tier it is true of. */
        private void mark(long nanos, int field, boolean is) {
            if (is && looks.sum(nanos, 1, field) == 0) {
                looks.add(nanos, field, 1);
            }
        }

        /** Counts of the last so many seconds. */
        long sum(long nanos, long seconds, int field) {
            if (seconds <= 6) {
                return looks.sum(nanos, (int) (seconds * SECOND / LOOK), field);
            } else if (seconds <= 360) {
                return tenSeconds.sum(nanos, (int) (seconds / 10), field);
            } else if (seconds <= 6 * 3600) {
                return fiveMinutes.sum(nanos, (int) (seconds / 300), field);
            }
            return hours.sum(nanos, (int) (seconds / 3600), field);
        }

        /** Which part of a window of so many seconds has been seen: more than 0, and 1 for all of it. */
        double seen(long nanos, long seconds) {
            return Math.clamp((nanos - begunAt + LOOK) / (double) (seconds * SECOND), Double.MIN_NORMAL, 1);
        }

        /** Whether requests failed in several looks: what a pause of this node did to those that it held up comes in one or two. */
        boolean failsOn(long nanos) {
            return looks.sum(nanos, LOOKS_OF_A_PAUSE, FAILING_LOOKS) > LOOKS_HIT;
        }

        /** The same of answers that may be old. */
        boolean staleOn(long nanos) {
            return looks.sum(nanos, LOOKS_OF_A_PAUSE, STALE_LOOKS) > LOOKS_HIT;
        }

        /** Whether any request of the last three days was hurt: most namespaces need no further look. */
        boolean everHurt(long nanos) {
            return hurtAt != Long.MIN_VALUE && nanos - hurtAt < 73 * 3600 * SECOND;
        }
    }

    Flows() {
        for (int tier = 0; tier <= Policy.LAST_TIER; tier++) {
            tiers.add(new Flow("", tier));
        }
    }

    void add(Observation now) {
        now.gone().forEach(id -> namespaces.remove(id.toString()));
        for (FlowDelta delta : now.flows()) {
            tiers.get(Math.clamp(delta.tier(), 0, Policy.LAST_TIER)).add(now.nanos(), delta);
            String id = delta.namespace().toString();
            Flow known = namespaces.get(id);
            if (known == null || known.tier != delta.tier()) {
                if (known == null && namespaces.size() == MOST_NAMESPACES) {
                    continue;
                }
                known = new Flow(id, delta.tier());
                namespaces.put(id, known);
            }
            known.add(now.nanos(), delta);
        }
    }

    /** Of a namespace's requests of the last five seconds, what share was refused. */
    double refusedShare(String namespace, long nanos) {
        Flow flow = namespaces.get(namespace);
        long total = flow == null ? 0 : flow.sum(nanos, 5, Flow.TOTAL);
        return flow == null || total == 0 ? 0 : flow.sum(nanos, 5, Flow.REFUSED) / (double) total;
    }

    List<Flow> tiers() {
        return tiers;
    }

    Map<String, Flow> namespaces() {
        return namespaces;
    }
}
