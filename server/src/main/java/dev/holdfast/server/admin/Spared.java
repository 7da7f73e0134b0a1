package dev.holdfast.server.admin;

import dev.holdfast.engine.replication.HomesAudit.Found;
import dev.holdfast.engine.replication.HomesAudit.Short;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Whether a look at the homes of all keys shows that a provider can be spared. */
final class Spared {
    private Spared() {}

    /**
     * Why it does not; empty when it does. A key that lies only where nobody has looked is in no count. So whoever stays must have been read to
     * the end; the one that leaves only as long as it answers, since one that is gone for good is left all the same, with what it alone held.
     *
     * @param answers whether the provider that leaves can be asked now
     */
    static Optional<String> refusal(String name, boolean answers, Found found) {
        Set<String> unseen = new TreeSet<>(found.unanswered());
        if (!answers) {
            unseen.remove(name);
        }
        if (!unseen.isEmpty()) {
            return Optional.of("The look at all keys without provider " + name + " could not read "
                    + String.join(", ", unseen) + " to the end, so keys that lie only there were not counted. Once "
                    + (unseen.size() == 1 ? "it answers" : "they answer") + ": holdfast provider drain " + name + ".");
        }
        if (found.shortOf() > 0) {
            Short first = found.first().getFirst();
            return Optional.of("Without provider " + name + ", " + found.shortOf()
                    + " keys would lie in fewer independent failure domains than their namespaces want, such as "
                    + first.key() + " of " + first.namespace() + ".");
        }
        return Optional.empty();
    }
}
