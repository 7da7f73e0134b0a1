package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.holdfast.engine.provider.ProviderFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Cassandra syncs its log before it acknowledges. By its default, {@code commitlog_sync: periodic}, what a node has
 * acknowledged in the last ten seconds is gone after a power cut, and nothing of that shows to a client.
 */
final class Durability {
    private static final Logger LOG = LoggerFactory.getLogger(Durability.class);
    private static final String READ = "SELECT value FROM system_views.settings WHERE name = 'commitlog_sync'";

    private Durability() {}

    /** Complains in the log about the node that happens to answer. Says nothing where the setting may not be read. */
    static boolean check(String name, Cluster cluster) {
        try {
            Row row = cluster.run(READ).one();
            String sync = row == null ? null : row.getString("value");
            if ("periodic".equals(sync)) {
                LOG.warn(
                        "provider {}: Cassandra acknowledges writes before they are on disk (commitlog_sync:"
                            + " periodic). Set it to group or batch at each node, or a power cut at a majority of the"
                            + " copies loses what was acknowledged",
                        name);
                return false;
            }
            return sync != null;
        } catch (ProviderFault e) {
            LOG.debug("provider {}: commitlog_sync could not be read: {}", name, e.getMessage());
            return false;
        }
    }
}
