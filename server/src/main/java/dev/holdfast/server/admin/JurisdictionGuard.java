package dev.holdfast.server.admin;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.Placement;
import dev.holdfast.engine.replication.Residency;
import dev.holdfast.engine.replication.ResidencyAudit;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import java.util.List;
import java.util.Optional;

/** What the jurisdictions of namespaces have to say before a provider comes or goes. Thread-safe. */
final class JurisdictionGuard {
    private final Residency residency;
    private final Namespaces namespaces;

    JurisdictionGuard(Residency residency, Namespaces namespaces) {
        this.residency = residency;
        this.namespaces = namespaces;
    }

    /** Why a provider may not be used: it holds what may not lie there, from another time or by another's hand. */
    Optional<String> trespassing(Provider provider) throws ProviderFault {
        NamespaceId found = ResidencyAudit.trespassing(provider, residency, namespaces.ids());
        return found == null
                ? Optional.empty()
                : Optional.of("Provider " + provider.name() + " holds records of namespace " + called(found)
                        + ", which may not lie there. holdfast audit residency shows all; delete them there first.");
    }

    private String called(NamespaceId id) {
        return namespaces
                .find(id)
                .map(namespace -> namespace.title() + ", of jurisdiction " + namespace.jurisdiction())
                .orElse(id.toString());
    }

    /** Why a provider cannot be spared: a namespace would have too few places left in its jurisdiction. */
    Optional<String> needed(Placement placement, String name, List<Namespace> all) {
        for (Namespace namespace : all) {
            NamespaceId id = namespace.id();
            if (residency.restricts(id) && residency.at(id, name)) {
                int left = placement.domains(other -> !other.equals(name) && residency.at(id, other));
                int wanted = namespace.policy().durability();
                if (left < wanted) {
                    return Optional.of("Without provider " + name + " there are " + left
                            + " independent failure domains in jurisdiction " + namespace.jurisdiction()
                            + ", and namespace " + namespace.title() + " asks for " + wanted
                            + ". Add and promote another provider there first.");
                }
            }
        }
        return Optional.empty();
    }
}
