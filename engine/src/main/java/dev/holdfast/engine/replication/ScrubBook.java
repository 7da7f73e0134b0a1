package dev.holdfast.engine.replication;

import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node keeps of its scrubbing, so that a restart goes on where it was. A disk that fails costs no more than reading some
 * records twice; where writes need it, it is told. Thread-safe.
 */
final class ScrubBook {
    private static final Logger LOG = LoggerFactory.getLogger(ScrubBook.class);
    private static final String SINCE = "scrub-since";

    private final NodeMemory memory;
    private final Residency residency;
    private final Map<String, ScrubProgress> known = new ConcurrentHashMap<>();

    /** The last places that may lie on this node's disk: the name of a key is content, too. */
    private final Map<String, ScrubProgress> nameable = new ConcurrentHashMap<>();

    ScrubBook(NodeMemory memory, Residency residency) {
        this.memory = memory;
        this.residency = residency;
    }

    ScrubProgress of(String provider) {
        ScrubProgress progress = known.get(provider);
        if (progress != null) {
            return progress;
        }
        try {
            ScrubProgress kept =
                    memory.text(name(provider)).map(ScrubProgress::parse).orElse(ScrubProgress.NEVER);
            if (nameable(kept)) {
                nameable.put(provider, kept);
            }
            ScrubProgress other = known.putIfAbsent(provider, kept);
            return other == null ? kept : other;
        } catch (LocalStoreFault fault) {
            LOG.debug("how far provider {} has been read cannot be read: {}", provider, fault.getMessage());
            return ScrubProgress.NEVER;
        }
    }

    /** In memory only: what is lost with it is read again. */
    void note(String provider, ScrubProgress progress) {
        known.put(provider, progress);
        if (nameable(progress)) {
            nameable.put(provider, progress);
        }
    }

    private boolean nameable(ScrubProgress progress) {
        return progress.at() == null || residency.here(progress.at().namespace());
    }

    /** @return whether no place that may not lie on this node's disk is left there */
    boolean forgetOutside(String provider) {
        return nameable(of(provider)) || keep(provider, of(provider));
    }

    /**
     * Outside of a namespace's jurisdiction a restart goes on at the last place that may be named.
     *
     * @return whether it is kept
     */
    boolean keep(String provider, ScrubProgress progress) {
        note(provider, progress);
        try {
            ScrubProgress lasting = nameable.getOrDefault(provider, progress.fromTheBegin());
            memory.keepText(name(provider), lasting.text());
            return true;
        } catch (LocalStoreFault fault) {
            LOG.warn("how far provider {} has been read could not be kept: {}", provider, fault.getMessage());
            return false;
        }
    }

    /** When this node was first seen to be up, in milliseconds since the Unix epoch; 0 for not known. */
    long since() {
        try {
            return memory.number(SINCE);
        } catch (LocalStoreFault fault) {
            return 0;
        }
    }

    void rememberSince(long wallMillis) {
        try {
            memory.keepNumber(SINCE, wallMillis);
        } catch (LocalStoreFault fault) {
            LOG.debug("the first start could not be kept: {}", fault.getMessage());
        }
    }

    private static String name(String provider) {
        return "provider/" + provider + "/scrub";
    }
}
