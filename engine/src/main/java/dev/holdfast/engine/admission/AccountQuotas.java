package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.Quota;
import dev.holdfast.engine.replication.catalogue.Catalogue;
import dev.holdfast.engine.replication.catalogue.Catalogue.Entry;
import dev.holdfast.engine.replication.catalogue.Catalogue.NotKept;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The quotas of accounts, as entries {@code quota/account} of the catalogue, so that every node knows them. Thread-safe. */
public record AccountQuotas(Catalogue catalogue) {
    private static final String PREFIX = "quota/";

    /** Those of accounts that have one. */
    public Map<String, Quota> all() {
        Map<String, Quota> all = new HashMap<>();
        catalogue.entries(PREFIX).forEach((name, entry) -> {
            Quota quota = read(entry.content());
            if (!quota.unlimited()) {
                all.put(name.substring(PREFIX.length()), quota);
            }
        });
        return all;
    }

    /** In force at this node within a second, and at the others once they know of it. */
    public void set(String account, Quota quota) throws NotKept {
        String text = quota.requests() + "\n" + quota.keys() + "\n" + quota.bytes();
        catalogue.put(PREFIX + account, new Entry(text.getBytes(StandardCharsets.US_ASCII), 0));
    }

    private static Quota read(byte[] content) {
        String[] lines = new String(content, StandardCharsets.US_ASCII).split("\n", -1);
        return new Quota(Long.parseLong(lines[0]), Long.parseLong(lines[1]), Long.parseLong(lines[2]));
    }
}
