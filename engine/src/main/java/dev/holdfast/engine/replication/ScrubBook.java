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
    private final Map<String, ScrubProgress> known = new ConcurrentHashMap<>();

    ScrubBook(NodeMemory memory) {
        this.memory = memory;
    }

    ScrubProgress of(String provider) {
        ScrubProgress progress = known.get(provider);
        if (progress != null) {
            return progress;
        }
        try {
            ScrubProgress kept =
                    memory.text(name(provider)).map(ScrubProgress::parse).orElse(ScrubProgress.NEVER);
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
    }

    void keep(String provider, ScrubProgress progress) {
        note(provider, progress);
        try {
            memory.keepText(name(provider), progress.text());
        } catch (LocalStoreFault fault) {
            LOG.warn("how far provider {} has been read could not be kept: {}", provider, fault.getMessage());
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
