package dev.holdfast.server.admin;

import dev.holdfast.engine.admission.AccountQuotas;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.Access;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Door;
import dev.holdfast.server.http.Gatekeeper;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.PercentEncoding;
import dev.holdfast.server.http.Permission;
import dev.holdfast.server.token.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one door of the admin port: who may call what, and which class answers. */
public final class AdminDoor implements Door {
    private final Access access;
    private final HealthCalls health;
    private final Metrics metrics;
    private final StatusCalls status;
    private final FaultCalls faults;
    private final PlacementCalls placement;
    private final CompareCalls compare;
    private final ScrubCalls scrub;
    private final RawCalls raw;
    private final TokenCalls tokens;
    private final NodeCalls nodes;
    private final TlsCalls tls;
    private final GateCalls gates;
    private final RampCalls ramps;
    private final QuotaCalls quotas;
    private final EncryptionCalls encryption;
    private final ResidencyCalls residency;
    private final IncidentCalls incidents;
    private final ReportCalls reports;
    private final BackupCalls backups;
    private final WebhookCalls webhooks;

    /** @param certificate empty without TLS */
    public AdminDoor(
            Node node,
            Metrics metrics,
            Tokens tokens,
            Namespaces namespaces,
            AccountQuotas accounts,
            Gatekeeper gatekeeper,
            AuditLog audit,
            Optional<? extends Certificate> certificate,
            Time time) {
        this.access = new Access(gatekeeper);
        this.health = new HealthCalls(node);
        this.metrics = metrics;
        this.status = new StatusCalls(node);
        this.faults = new FaultCalls(node, audit);
        this.placement = new PlacementCalls(
                node, audit, time, namespaces::kept, new JurisdictionGuard(node.residency(), namespaces));
        this.residency = new ResidencyCalls(node, namespaces, audit, time);
        this.compare = new CompareCalls(node, audit);
        this.scrub = new ScrubCalls(node, audit);
        this.raw = new RawCalls(node);
        this.tokens = new TokenCalls(tokens, audit);
        this.nodes = new NodeCalls(node, audit);
        this.tls = new TlsCalls(certificate, audit);
        this.gates = new GateCalls(node.admitted().gates(), namespaces, node.account(), audit);
        this.ramps = new RampCalls(node.admitted().ramp(), namespaces, node.account(), audit);
        this.quotas = new QuotaCalls(node.quotas(), accounts, namespaces, node.account(), audit);
        this.encryption = new EncryptionCalls(node, namespaces, audit, time);
        this.incidents = new IncidentCalls(node.name(), node.incidents(), namespaces, audit);
        this.reports = new ReportCalls(node, namespaces, time);
        this.backups = new BackupCalls(node, namespaces, audit, time);
        this.webhooks = new WebhookCalls(node.webhooks(), audit);
    }

    @Override
    public boolean claims(Call call) {
        return true;
    }

    @Override
    public void answer(Call call) throws IOException {
        try {
            String[] parts = call.path().split("/", -1);
            Page page = Page.of(parts);
            if (!open(call, page)) {
                Grant grant = access.grant(call);
                Access.requireEverywhere(grant, Permission.ADMIN);
                guarded(call, grant, page, parts);
            }
        } catch (ApiError e) {
            e.answer(call);
        }
    }

    /** What probes and scrapers ask without a token. */
    private boolean open(Call call, @Nullable Page page) throws ApiError, IOException {
        switch (page) {
            case HEALTHZ -> health.alive(call);
            case READYZ -> health.ready(call);
            case METRICS -> {
                if (!Loopback.is(call.remoteAddress())) {
                    return false;
                }
                metrics.answer(call);
            }
            case null, default -> {
                return false;
            }
        }
        return true;
    }

    private void guarded(Call call, Grant grant, @Nullable Page page, String[] parts) throws ApiError, IOException {
        switch (page) {
            case HEALTHZ, READYZ -> throw new IllegalStateException("open to all");
            case METRICS -> metrics.answer(call);
            case STATUS -> status.all(call);
            case PROVIDERS -> status.providers(call);
            case PROVIDER -> status.provider(call, name(parts[3]));
            case FAULT -> faults.answer(call, grant, name(parts[3]));
            case PROVIDER_ROLE -> placement.role(call, grant, name(parts[3]));
            case HOMES -> placement.homes(call, grant);
            case RESIDENCY -> residency.answer(call, grant);
            case COMPARE -> compare.answer(call, grant);
            case SCRUB -> scrub.answer(call, grant);
            case NODES -> nodes.all(call);
            case NODE -> nodes.one(call, grant, name(parts[3]));
            case RAW -> raw.answer(call, name(parts[3]));
            case TOKENS -> tokens.all(call, grant);
            case TOKEN -> tokens.one(call, grant, name(parts[3]));
            case TLS -> tls.answer(call, grant);
            case GATES -> gates.all(call);
            case GATE -> gates.one(call, grant, name(parts[3]));
            case RAMP -> ramps.ramp(call, grant);
            case RAMP_PLAN -> ramps.plan(call);
            case RAMP_ACTION -> ramps.act(call, grant, name(parts[3]));
            case QUOTAS -> quotas.answer(call, grant);
            case ENCRYPTION -> encryption.all(call);
            case ENCRYPTION_OF -> encryption.one(call, grant, name(parts[3]));
            case INCIDENTS -> incidents.all(call);
            case INCIDENT -> incidents.one(call, name(parts[3]));
            case INCIDENT_REPORT -> reports.answer(call, name(parts[3]));
            case INCIDENT_NOTES -> incidents.notes(call, grant, name(parts[3]));
            case BACKUPS -> backups.all(call, grant);
            case BACKUP_JOBS -> backups.jobs(call);
            case BACKUP_VERIFY -> backups.verify(call);
            case BACKUP -> backups.one(call, name(parts[3]));
            case RESTORE -> backups.restore(call, grant);
            case WEBHOOKS -> webhooks.all(call);
            case WEBHOOK_TEST -> webhooks.test(call, grant, name(parts[3]));
            case null -> throw ApiError.notFound();
        }
    }

    /** What it serves, with variable parts as {@code {name}}. */
    public static List<String> paths() {
        return Arrays.stream(Page.values()).map(Page::template).toList();
    }

    private static String name(String raw) throws ApiError {
        try {
            return new String(PercentEncoding.decode(raw), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest("bad-path", "The path is not percent-encoded as it should be.");
        }
    }

    @Override
    public void refuse(Call call, int status, String sentence) {
        ApiError.outside(status, sentence).answer(call);
    }
}
