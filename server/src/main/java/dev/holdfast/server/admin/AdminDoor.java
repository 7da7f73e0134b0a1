package dev.holdfast.server.admin;

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

/** The one door of the admin port: who may call what, and which class answers. */
public final class AdminDoor implements Door {
    private final Access access;
    private final HealthCalls health;
    private final Metrics metrics;
    private final StatusCalls status;
    private final FaultCalls faults;
    private final CompareCalls compare;
    private final RawCalls raw;
    private final TokenCalls tokens;
    private final NodeCalls nodes;

    public AdminDoor(Node node, Metrics metrics, Tokens tokens, Gatekeeper gatekeeper, AuditLog audit) {
        this.access = new Access(gatekeeper);
        this.health = new HealthCalls(node);
        this.metrics = metrics;
        this.status = new StatusCalls(node);
        this.faults = new FaultCalls(node, audit);
        this.compare = new CompareCalls(node, audit);
        this.raw = new RawCalls(node);
        this.tokens = new TokenCalls(tokens, audit);
        this.nodes = new NodeCalls(node, audit);
    }

    @Override
    public boolean claims(Call call) {
        return true;
    }

    @Override
    public void answer(Call call) throws IOException {
        try {
            if (!open(call)) {
                Grant grant = access.grant(call);
                Access.requireEverywhere(grant, Permission.ADMIN);
                guarded(call, grant);
            }
        } catch (ApiError e) {
            e.answer(call);
        }
    }

    /** What probes and scrapers ask without a token. */
    private boolean open(Call call) throws ApiError, IOException {
        switch (call.path()) {
            case "/healthz" -> health.alive(call);
            case "/readyz" -> health.ready(call);
            case "/metrics" -> {
                if (!Loopback.is(call.remoteAddress())) {
                    return false;
                }
                metrics.answer(call);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void guarded(Call call, Grant grant) throws ApiError, IOException {
        String[] parts = call.path().substring(1).split("/", -1);
        if (call.path().equals("/metrics")) {
            metrics.answer(call);
            return;
        }
        if (parts.length < 2 || parts.length > 4 || !parts[0].equals("v1")) {
            throw ApiError.notFound();
        }
        switch (parts[1] + "/" + parts.length) {
            case "status/2" -> status.all(call);
            case "providers/2" -> status.providers(call);
            case "providers/3" -> status.provider(call, name(parts[2]));
            case "providers/4" -> {
                if (!parts[3].equals("fault")) {
                    throw ApiError.notFound();
                }
                faults.answer(call, grant, name(parts[2]));
            }
            case "compare/2" -> compare.answer(call, grant);
            case "raw/3" -> raw.answer(call, name(parts[2]));
            case "tokens/2" -> tokens.all(call, grant);
            case "tokens/3" -> tokens.one(call, grant, name(parts[2]));
            case "nodes/2" -> nodes.all(call);
            case "nodes/3" -> nodes.one(call, grant, name(parts[2]));
            default -> throw ApiError.notFound();
        }
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
