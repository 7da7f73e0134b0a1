package dev.holdfast.engine.incident.notice;

import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one receiver was told, on the node's own disk, beside the incidents: {@code w/name/id}, and as its value
 * {@code 1795715102000 open P2 P1}: when it changed, whether it was open, its severity and its worst. For one thread.
 */
final class ToldLog {
    private static final Logger LOG = LoggerFactory.getLogger(ToldLog.class);

    private final LocalStore local;
    private final String prefix;

    ToldLog(LocalStore local, String receiver) {
        this.local = local;
        this.prefix = "w/" + receiver + "/";
    }

    /** By the incident's id. What cannot be read is taken for nothing: to be told twice is better than not to be told. */
    Map<String, Told> all() throws LocalStoreFault {
        Map<String, Told> all = new TreeMap<>();
        byte[] end = bytes(prefix);
        end[end.length - 1]++;
        local.forEach(Table.INCIDENTS, bytes(prefix), end, entry -> {
            String id = new String(entry.key(), StandardCharsets.US_ASCII).substring(prefix.length());
            try {
                all.put(id, told(new String(entry.value(), StandardCharsets.US_ASCII)));
            } catch (IllegalArgumentException damaged) {
                LOG.warn("what {} was told of incident {} cannot be read", prefix, id);
            }
        });
        return all;
    }

    private static Told told(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("not four parts");
        }
        return new Told(
                Long.parseLong(parts[0]),
                parts[1].equals("open"),
                Severity.valueOf(parts[2]),
                Severity.valueOf(parts[3]));
    }

    void put(String id, Told told) throws LocalStoreFault {
        String value = told.changedAt() + (told.open() ? " open " : " closed ") + told.severity() + " " + told.worst();
        local.commit(new Batch().put(Table.INCIDENTS, bytes(prefix + id), bytes(value)));
    }

    void drop(String id) throws LocalStoreFault {
        local.commit(new Batch().delete(Table.INCIDENTS, bytes(prefix + id)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
