package dev.holdfast.server.admin;

import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ReplicatedStore;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What the admin port knows of the node it belongs to.
 *
 * @param providers in the order of preference
 * @param drills whether providers may be made to fail
 * @param serving whether the data port takes requests
 * @param startedAt milliseconds since the Unix epoch
 */
public record Node(
        ReplicatedStore store,
        NearStore near,
        List<Home> providers,
        boolean drills,
        BooleanSupplier serving,
        String version,
        long startedAt,
        String account) {

    /**
     * One provider.
     *
     * @param itself without the faults that drills put on it
     * @param faulty what the store sees, where drills are on
     */
    public record Home(Provider itself, Optional<FaultyProvider> faulty) {
        String name() {
            return itself.name();
        }
    }

    Optional<Home> home(String name) {
        return providers.stream().filter(home -> home.name().equals(name)).findFirst();
    }
}
