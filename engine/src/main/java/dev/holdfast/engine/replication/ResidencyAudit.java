package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Asks every provider for every row of some namespaces, whether they may lie there or not: from what is there, not from what should be. Half of
 * the time is left to others. Thread-safe.
 */
public final class ResidencyAudit {
    private static final int PAGE = 512;

    private final Parts parts;
    private final Time time;
    private final LongAdder seen = new LongAdder();

    ResidencyAudit(Parts parts) {
        this.parts = parts;
        this.time = parts.time();
    }

    /**
     * What one provider holds of one namespace.
     *
     * @param allowed whether records of the namespace may lie there
     * @param keys rows, deleted and expired ones among them
     * @param bytes that their records take
     * @param unread why it was not read to the end; empty when it was
     */
    public record Held(NamespaceId namespace, String provider, boolean allowed, long keys, long bytes, String unread) {}

    /** Rows looked at so far. */
    public long seen() {
        return seen.sum();
    }

    public List<Held> run(List<NamespaceId> namespaces) throws InterruptedException {
        List<Held> found = new ArrayList<>();
        for (NamespaceId namespace : namespaces) {
            for (Member member : parts.members().all()) {
                found.add(look(namespace, member));
            }
        }
        return found;
    }

    private Held look(NamespaceId namespace, Member member) throws InterruptedException {
        Counted counted = new Counted();
        String unread = "";
        try {
            EveryRow.of(member, namespace, PAGE, time, counted);
        } catch (ProviderFault fault) {
            unread = String.valueOf(fault.getMessage());
        }
        boolean allowed = parts.residency().at(namespace, member.name());
        return new Held(namespace, member.name(), allowed, counted.keys, counted.bytes, unread);
    }

    private final class Counted implements EveryRow.Visitor<RuntimeException> {
        private long keys;
        private long bytes;

        @Override
        public void see(Page page, boolean over) {
            for (Row row : page.rows()) {
                bytes += RecordFormat.OVERHEAD
                        + row.head().metadata().length
                        + row.head().valueBytes();
            }
            keys += page.rows().size() + page.damaged().size();
            seen.add(page.rows().size());
        }
    }

    /** The first of some namespaces of which a provider holds anything though it may not; null when there is none. */
    public static @Nullable NamespaceId trespassing(
            Provider provider, Residency residency, List<NamespaceId> namespaces) throws ProviderFault {
        if (provider.identity().isEmpty()) {
            return null;
        }
        for (NamespaceId namespace : namespaces) {
            if (!residency.at(namespace, provider.name())) {
                Page first = provider.scan(namespace, new byte[0], null, 1);
                if (!first.rows().isEmpty() || !first.damaged().isEmpty()) {
                    return namespace;
                }
            }
        }
        return null;
    }
}
