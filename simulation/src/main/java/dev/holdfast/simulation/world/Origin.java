package dev.holdfast.simulation.world;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.time.Time;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The program under test: how a node of it starts on a disk and some providers. */
public interface Origin {

    /** A node that runs, until its process is killed. */
    interface Running extends Serving {
        /** Compares all homes with each other; returns once that is under way. */
        void compare();

        /** Whether as far as the node knows every home holds everything: all current, no hints, nothing being compared. */
        boolean settled();

        /** Whether it tells people that any one provider could be lost now without losing anything acknowledged. */
        boolean canLoseOne();

        /** What keeps it from being settled, for reports. */
        String state();
    }

    /**
     * Called on a thread of the node's process. The providers may be in any state.
     *
     * @param node its name, the same at every start
     * @param config how it is set up
     * @throws LocalStore.LocalStoreFault when the node's disk does not let it start; it is tried again
     */
    Running start(Time time, String node, ReplicationConfig config, List<Provider> providers, LocalStore disk)
            throws LocalStore.LocalStoreFault;

    /** The newest version of a key that durably waits in a node's hint log, whatever provider for; null for none. */
    @Nullable
    Version hinted(List<LocalStore.Entry> hints, NamespaceId namespace, Key key);
}
