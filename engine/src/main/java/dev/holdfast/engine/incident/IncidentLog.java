package dev.holdfast.engine.incident;

import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Incidents on the node's own disk.
 *
 * <pre>
 *   i/20261126-174502               what there is to say of it
 *   t/20261126-174502/ number       a line of its timeline, the number in 4 bytes
 *   s/20261126-174502/ number       a sample of its figures
 * </pre>
 *
 * What cannot be read is logged and left out: one damaged incident must not hide the others. Thread-safe.
 */
final class IncidentLog {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentLog.class);

    private final LocalStore local;

    IncidentLog(LocalStore local) {
        this.local = local;
    }

    /** All of them, the oldest first. */
    List<Incident> incidents() throws LocalStoreFault {
        return all("i/", IncidentFormat::incident);
    }

    List<TimelineEntry> timeline(String id) throws LocalStoreFault {
        return all("t/" + id + "/", IncidentFormat::entry);
    }

    List<Sample> series(String id) throws LocalStoreFault {
        return all("s/" + id + "/", IncidentFormat::sample);
    }

    static void put(Batch batch, Incident incident) {
        batch.put(Table.INCIDENTS, bytes("i/" + incident.id()), IncidentFormat.bytes(incident));
    }

    static void put(Batch batch, String id, int number, TimelineEntry entry) {
        batch.put(Table.INCIDENTS, numbered("t/" + id + "/", number), IncidentFormat.bytes(entry));
    }

    static void put(Batch batch, String id, int number, Sample sample) {
        batch.put(Table.INCIDENTS, numbered("s/" + id + "/", number), IncidentFormat.bytes(sample));
    }

    void commit(Batch batch) throws LocalStoreFault {
        local.commit(batch);
    }

    void drop(String id) throws LocalStoreFault {
        for (String prefix : List.of("t/" + id + "/", "s/" + id + "/")) {
            local.deleteRange(Table.INCIDENTS, bytes(prefix), end(prefix));
        }
        // Last: what is cut off here is found again at the next start.
        local.commit(new Batch().delete(Table.INCIDENTS, bytes("i/" + id)));
    }

    private <T> List<T> all(String prefix, Function<byte[], T> reader) throws LocalStoreFault {
        List<T> found = new ArrayList<>();
        local.forEach(Table.INCIDENTS, bytes(prefix), end(prefix), entry -> {
            try {
                found.add(reader.apply(entry.value()));
            } catch (RuntimeException damaged) {
                LOG.warn("what the disk has of an incident under {} cannot be read: {}", prefix, damaged.toString());
            }
        });
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] end(String prefix) {
        byte[] end = bytes(prefix);
        end[end.length - 1]++;
        return end;
    }

    private static byte[] numbered(String prefix, int number) {
        byte[] begin = bytes(prefix);
        byte[] key = Arrays.copyOf(begin, begin.length + Integer.BYTES);
        ByteBuffer.wrap(key).putInt(begin.length, number);
        return key;
    }
}
