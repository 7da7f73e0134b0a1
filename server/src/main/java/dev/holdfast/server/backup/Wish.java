package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import java.nio.charset.StandardCharsets;

/**
 * What is to be restored.
 *
 * @param from whose keys; it may be a namespace that is there no more
 * @param prefix only keys that begin so; empty for all
 * @param to the moment whose state is wanted, in milliseconds since the Unix epoch
 * @param into where to; that namespace itself, or a namespace that has no such keys yet
 * @param dryRun whether nothing is written
 * @param acceptGaps whether to go on though the archive may lack something
 * @param anew whether an earlier restore of the same that was broken off is forgotten
 */
public record Wish(
        NamespaceId from, String prefix, long to, Namespace into, boolean dryRun, boolean acceptGaps, boolean anew) {

    byte[] prefixBytes() {
        return prefix.getBytes(StandardCharsets.UTF_8);
    }

    boolean elsewhere() {
        return !from.equals(into.id());
    }
}
