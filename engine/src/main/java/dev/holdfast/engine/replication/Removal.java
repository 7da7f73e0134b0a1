package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this node has been removed from the store (DESIGN rule 5). The others no longer wait for it: deletes have been collected
 * that are newer than its hints, so giving a provider one of these could bring a deleted key back. A removed node gives away no
 * hint and answers no request; its hints stay on its disk. Terminal. Thread-safe.
 */
final class Removal {
    private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

    private final String node;
    private final Key key;
    private volatile boolean found;

    Removal(String node) {
        this.node = node;
        this.key = Registry.removedKey(node);
    }

    boolean found() {
        return found;
    }

    /**
     * Asks one provider. The one that hints are about to go to is the one to ask: its deletes are collected only once it holds
     * the removal, too.
     */
    boolean foundAt(Member member) throws ProviderFault {
        if (!found
                && member.call(provider -> provider.get(NamespaceId.SYSTEM, key)) instanceof Lookup.Present(var record)
                && !record.tombstone()) {
            find();
        }
        return found;
    }

    void find() {
        if (!found) {
            found = true;
            LOG.error("{}", sentence());
        }
    }

    Refusal refusal() {
        return new Refusal(Reason.NODE_REMOVED, sentence());
    }

    String sentence() {
        return "This node, " + node
                + ", was removed from the store and serves nothing: writes that only its hints hold may"
                + " have been deleted since. To have it join as a new node, stop it, move its name and its own state"
                + " (node-name and local in the data folder) away, and start it again.";
    }
}
