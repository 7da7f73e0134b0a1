package dev.holdfast.server.admin;

import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.Placement.Changed;
import java.util.List;
import java.util.Optional;

/** The providers of a node, in the order of preference; they come and go while it serves. Thread-safe. */
public interface Homes {

    /**
     * One provider.
     *
     * @param itself without the faults that drills put on it
     * @param faulty what the store sees, where drills are on
     */
    record Home(Provider itself, Optional<FaultyProvider> faulty) {
        String name() {
            return itself.name();
        }
    }

    List<Home> all();

    /** A look at a provider before it joins. */
    interface Check {
        /** Why it may not; empty when it may. */
        Optional<String> refusal(Provider provider) throws ProviderFault;
    }

    /** Opens what the configuration, read anew, says of a provider, and has it join the placement unless {@code check} forbids it. */
    Changed add(String name, Check check) throws LocalStoreFault;

    /** Has a provider leave the placement, and closes it. The caller has made sure that others hold what it holds. */
    Changed remove(String name) throws LocalStoreFault;

    /** Of an edge, which has none. */
    Homes NONE = new Homes() {
        @Override
        public List<Home> all() {
            return List.of();
        }

        @Override
        public Changed add(String name, Check check) {
            return new Changed.Refused("An edge has no providers.");
        }

        @Override
        public Changed remove(String name) {
            return new Changed.Refused("An edge has no providers.");
        }
    };
}
