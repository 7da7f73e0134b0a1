package dev.holdfast.server.main;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.CatalogueNamespaces;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Has those who count something for each namespace forget the ones that are deleted, once a minute. One that is restored is counted anew. */
final class Forgetting implements AutoCloseable {
    private static final long EVERY_NANOS = 60_000_000_000L;

    private final Thread thread;

    /** @param counting take what tells the namespaces that are gone */
    Forgetting(Time time, CatalogueNamespaces namespaces, List<Consumer<Predicate<NamespaceId>>> counting) {
        this.thread = Background.start(time, "forgetting", () -> {
            counting.forEach(each -> each.accept(id -> namespaces.find(id).isEmpty()));
            return EVERY_NANOS;
        });
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
