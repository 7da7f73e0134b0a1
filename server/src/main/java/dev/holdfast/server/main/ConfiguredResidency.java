package dev.holdfast.server.main;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Placement;
import dev.holdfast.engine.replication.Residency;
import dev.holdfast.engine.replication.catalogue.Catalogue;
import dev.holdfast.engine.replication.catalogue.CatalogueNamespaces;
import dev.holdfast.server.config.ProviderConfig;
import dev.holdfast.server.config.ServerConfig;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Where records may lie, by what the configuration says of providers and of this node, and the catalogue of namespaces: where the two have
 * the same jurisdiction, or the namespace has none. A namespace that this node does not know may lie nowhere. Thread-safe.
 */
final class ConfiguredResidency implements Residency {
    private final String node;
    private final ConcurrentMap<String, String> providers = new ConcurrentHashMap<>();
    /** They never change, so what was read once stays. */
    private final Map<NamespaceId, String> known = new ConcurrentHashMap<>();

    private volatile @Nullable CatalogueNamespaces namespaces;
    private volatile @Nullable Catalogue catalogue;

    ConfiguredResidency(ServerConfig config) {
        this.node = config.jurisdiction().orElse("");
        config.providers().forEach(this::provider);
    }

    /** One that may be added. */
    void provider(ProviderConfig config) {
        providers.put(config.name(), config.jurisdiction().orElse(""));
    }

    void by(Catalogue entries, CatalogueNamespaces all) {
        catalogue = entries;
        namespaces = all;
    }

    /** Has namespaces made only where the providers that serve have room for them. */
    void guard(CatalogueNamespaces all, Placement placement) {
        all.in(new Room(placement));
    }

    private final class Room implements CatalogueNamespaces.Places {
        private final Placement placement;

        Room(Placement placement) {
            this.placement = placement;
        }

        @Override
        public Optional<String> missing(String jurisdiction, Namespace.Policy policy) {
            return jurisdiction.isEmpty() || node.equals(jurisdiction)
                    ? tooFew(jurisdiction, policy.durability())
                    : Optional.of("This node is "
                            + (node.isEmpty() ? "in no known jurisdiction" : "in jurisdiction " + node)
                            + " (setting jurisdiction), and would keep records of a namespace of " + jurisdiction
                            + " in its own logs.");
        }

        @Override
        public Optional<String> tooFew(String jurisdiction, int durability) {
            if (jurisdiction.isEmpty()) {
                return Optional.empty();
            }
            int domains = placement.domains(name -> jurisdiction.equals(providers.get(name)));
            return domains >= durability
                    ? Optional.empty()
                    : Optional.of("The providers that serve have " + domains
                            + " independent failure domains in jurisdiction " + jurisdiction + ", and durability "
                            + durability + " asks for more. Add and promote a provider there that fails by itself first"
                            + (domains > 0 ? ", or ask for durability " + domains : "") + ".");
        }
    }

    @Override
    public boolean restricts(NamespaceId namespace) {
        return !namespace.reserved() && !"".equals(jurisdiction(namespace));
    }

    @Override
    public boolean at(NamespaceId namespace, String provider) {
        return lies(namespace, providers.getOrDefault(provider, ""));
    }

    @Override
    public boolean here(NamespaceId namespace) {
        return lies(namespace, node);
    }

    private boolean lies(NamespaceId namespace, String place) {
        if (namespace.reserved()) {
            return true;
        }
        String wanted = jurisdiction(namespace);
        return wanted != null && (wanted.isEmpty() || wanted.equals(place));
    }

    /** One that the providers show and that was never made under this store's key is nobody's, and waited for by nobody. */
    @Override
    public boolean known(NamespaceId namespace) {
        CatalogueNamespaces all = namespaces;
        Catalogue entries = catalogue;
        return namespace.reserved()
                || jurisdiction(namespace) != null
                || (all != null && all.fetchJurisdiction(namespace) != null)
                || (entries != null && entries.forged(Catalogue.NAMESPACES + namespace));
    }

    private @Nullable String jurisdiction(NamespaceId namespace) {
        String before = known.get(namespace);
        CatalogueNamespaces all = namespaces;
        if (before != null || all == null) {
            return before;
        }
        String found = all.jurisdiction(namespace);
        if (found != null) {
            known.put(namespace, found);
        }
        return found;
    }
}
