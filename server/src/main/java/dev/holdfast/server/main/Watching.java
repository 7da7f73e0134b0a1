package dev.holdfast.server.main;

import dev.holdfast.engine.admission.AdmissionActs;
import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.Gate;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.incident.IncidentConfig;
import dev.holdfast.engine.incident.Incidents;
import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.incident.Sources;
import dev.holdfast.engine.incident.Sources.Expiry;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.catalogue.CatalogueNamespaces;
import dev.holdfast.engine.replication.catalogue.ReplicatedCatalogue;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.IncidentForm;
import dev.holdfast.server.backup.Backups;
import dev.holdfast.server.config.WebhookConfig;
import dev.holdfast.server.token.Token;
import dev.holdfast.server.token.Tokens;
import dev.holdfast.server.webhook.Webhooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Opens what notices incidents, over all that passes a node and all that it has which is good for a time only, and what tells others of them. */
final class Watching {
    private static final Duration BEFORE_A_CERTIFICATE_ENDS = Duration.ofDays(14);
    private static final Duration BEFORE_A_TOKEN_ENDS = Duration.ofDays(7);
    /** One that was made for less is meant to end. */
    private static final Duration LASTING = Duration.ofDays(30);

    private static final long LOOK_MILLIS = 60_000;

    private final IncidentConfig config;
    private final Time time;
    private final Opened opened;
    private final Optional<TlsRenewal> tls;
    /** Backups begin after there is somebody to tell what is wrong with them. */
    private final AtomicReference<Optional<Backups>> backups = new AtomicReference<>(Optional.empty());

    /** What expires, as of when that was looked for. */
    private record Expiries(List<Expiry> all, long wall) {}

    Watching(IncidentConfig config, Time time, Opened opened, Optional<TlsRenewal> tls) {
        this.config = config;
        this.time = time;
        this.opened = opened;
        this.tls = tls;
    }

    /** @param more what else there is to see of this node */
    Incidents open(
            NearStore near,
            AdmittedStore admitted,
            ReplicatedCatalogue catalogue,
            CatalogueNamespaces namespaces,
            LocalStore local,
            UnaryOperator<Sources> more)
            throws StartFailed {
        Sources sources = Sources.of(
                        near,
                        id -> namespaces
                                .find(id)
                                .map(namespace -> namespace.policy().tier())
                                .orElse(Policy.LAST_TIER))
                .withGates(id -> !admitted.gates().of(id).equals(Gate.OPEN))
                .withExpiries(expiries(new Tokens(catalogue, time)))
                .withBackups(() -> backups.get().flatMap(Backups::trouble));
        try {
            Incidents incidents = opened.add(Incidents.open(time, local, config, more.apply(sources)));
            incidents.follow(new AdmissionActs(admitted));
            return incidents;
        } catch (LocalStoreFault e) {
            throw new StartFailed("The incidents of this node cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** From now on it is told what is wrong with these, too. */
    void watch(Optional<Backups> begun) {
        backups.set(begun);
    }

    /** Looked for once a minute: there may be many tokens. */
    private Supplier<List<Expiry>> expiries(Tokens tokens) {
        AtomicReference<Expiries> last = new AtomicReference<>(new Expiries(List.of(), Long.MIN_VALUE));
        return () -> {
            Expiries known = last.get();
            if (known.wall() == Long.MIN_VALUE || Math.abs(time.wallMillis() - known.wall()) > LOOK_MILLIS) {
                known = new Expiries(expire(tokens), time.wallMillis());
                last.set(known);
            }
            return known.all();
        };
    }

    private List<Expiry> expire(Tokens tokens) {
        List<Expiry> all = new ArrayList<>();
        tls.ifPresent(renewal -> all.add(new Expiry(
                "The certificate of " + renewal.state().subject(),
                "",
                renewal.state().expiresAt(),
                BEFORE_A_CERTIFICATE_ENDS.toMillis(),
                Severity.P1)));
        for (Token token : tokens.list()) {
            if (token.expiresAt() != Token.NEVER && token.expiresAt() - token.createdAt() >= LASTING.toMillis()) {
                all.add(new Expiry(
                        "The token \"" + token.name() + "\" (" + token.id() + ")",
                        "tokens",
                        token.expiresAt(),
                        BEFORE_A_TOKEN_ENDS.toMillis(),
                        Severity.P4));
            }
        }
        return all;
    }

    /** Opens what tells others of incidents. */
    static Webhooks tell(
            List<WebhookConfig> webhooks, Backend backend, Time time, Opened opened, Supplier<String> adminUrl)
            throws StartFailed {
        try {
            return opened.add(Webhooks.open(
                    webhooks,
                    backend.incidents(),
                    new IncidentForm(backend.namespaces()),
                    backend.local(),
                    time,
                    backend.changes().node(),
                    adminUrl));
        } catch (LocalStoreFault e) {
            throw new StartFailed("What webhooks were told of incidents cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
