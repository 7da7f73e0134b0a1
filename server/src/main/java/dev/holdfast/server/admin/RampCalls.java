package dev.holdfast.server.admin;

import dev.holdfast.engine.admission.Ramp;
import dev.holdfast.engine.admission.Ramp.Choice;
import dev.holdfast.engine.admission.Ramp.Outcome;
import dev.holdfast.engine.admission.RampStatus;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Fields;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/ramp}: opening gates step by step at this node. Needs no provider and no other node. */
final class RampCalls {
    private static final int BODY_BYTES = 1024 * 1024;
    private static final int MOST_WHY = 1_000;
    private static final int MOST_WAVES = 100_000;

    private final Ramp ramp;
    private final Namespaces namespaces;
    private final String account;
    private final AuditLog audit;

    RampCalls(Ramp ramp, Namespaces namespaces, String account, AuditLog audit) {
        this.ramp = ramp;
        this.namespaces = namespaces;
        this.account = account;
        this.audit = audit;
    }

    /** {@code /v1/ramp}. */
    void ramp(Call call, Grant grant) throws ApiError, BodyFault {
        switch (call.method()) {
            case "GET" -> {
                ObjectNode body = Json.object();
                body.set("ramp", ramp.status().map(this::form).orElse(null));
                Json.answer(call, 200, body);
            }
            case "POST" -> {
                Fields fields = Fields.of(call.body(BODY_BYTES));
                Choice choice = choice(fields);
                String why = fields.textOrNull("why");
                fields.noOthers();
                if (why != null && why.length() > MOST_WHY) {
                    throw Fields.bad("why", "must not have more than " + MOST_WHY + " characters");
                }
                String said = why == null ? "" : why;
                Outcome outcome = ramp.start(namespaces.list(account, false), choice, by(grant), said);
                answer(call, grant, Action.RAMP_START, said, outcome);
            }
            default -> throw ApiError.method(call, "GET, POST");
        }
    }

    /** {@code /v1/ramp/plan}. */
    void plan(Call call) throws ApiError, BodyFault {
        requirePost(call);
        Fields fields = Fields.of(call.body(BODY_BYTES));
        Choice choice = choice(fields);
        fields.noOthers();
        Json.answer(call, 200, RampForm.of(ramp.plan(namespaces.list(account, false), choice)));
    }

    /** {@code /v1/ramp/{action}}. */
    void act(Call call, Grant grant, String action) throws ApiError, BodyFault {
        requirePost(call);
        Fields fields = Fields.of(call.body(BODY_BYTES));
        switch (action) {
            case "pause" -> act(call, grant, fields, Action.RAMP_PAUSE, ramp::pause);
            case "resume" -> act(call, grant, fields, Action.RAMP_RESUME, ramp::resume);
            case "override" -> act(call, grant, fields, Action.RAMP_OVERRIDE, ramp::override);
            case "skip" -> {
                Long wave = fields.wholeOrNull("wave", 1, MOST_WAVES);
                int number = wave == null ? 0 : wave.intValue();
                act(call, grant, fields, Action.RAMP_SKIP, by -> ramp.skip(number, by));
            }
            case "abort" -> {
                boolean open = Boolean.TRUE.equals(fields.booleanOrNull("open"));
                act(call, grant, fields, Action.RAMP_ABORT, by -> ramp.abort(open, by));
            }
            default ->
                throw new ApiError(
                        404, "no-such-action", "A ramp can be told to pause, resume, skip, override or abort.");
        }
    }

    private interface Wish {
        Outcome of(String by);
    }

    private void act(Call call, Grant grant, Fields fields, Action action, Wish wish) throws ApiError {
        fields.noOthers();
        answer(call, grant, action, "", wish.of(by(grant)));
    }

    private void answer(Call call, Grant grant, Action action, String why, Outcome outcome) throws ApiError {
        switch (outcome) {
            case Outcome.Done done -> {
                String unkept = done.notKept();
                String sentence = done.status().history().getLast().sentence();
                audit.write(AuditEntry.of(
                        call,
                        grant,
                        action,
                        sentence,
                        unkept.isEmpty() ? AuditEntry.DONE : "until the next start: " + unkept));
                Json.answer(call, 200, form(done.status()).put("kept", unkept.isEmpty()));
            }
            case Outcome.Refused refused -> {
                audit.write(AuditEntry.of(call, grant, action, why, refused.sentence()));
                throw switch (refused.why()) {
                    case UNDER_WAY -> new ApiError(409, "ramp-under-way", refused.sentence());
                    case NOT_UNDER_WAY -> new ApiError(409, "ramp-not-under-way", refused.sentence());
                    case NOTHING_TO_OPEN -> new ApiError(409, "nothing-to-open", refused.sentence());
                    case NO_SUCH_WAVE -> new ApiError(409, "no-such-wave", refused.sentence());
                    case NOT_KEPT -> new ApiError(503, "not-kept", refused.sentence());
                };
            }
        }
    }

    private static String by(Grant grant) {
        return "token " + grant.tokenId();
    }

    private ObjectNode form(RampStatus status) {
        return RampForm.of(status, ramp.config(), this::title);
    }

    private String title(NamespaceId id) {
        return namespaces.find(id).map(Namespace::title).orElse("");
    }

    private Choice choice(Fields fields) throws ApiError {
        List<String> names = fields.textsOrNull("namespaces");
        Boolean all = fields.booleanOrNull("all");
        List<NamespaceId> ids = new ArrayList<>();
        for (String name : names == null ? List.<String>of() : names) {
            ids.add(namespaces
                    .called(account, name)
                    .map(Namespace::id)
                    .orElseThrow(
                            () -> new ApiError(404, "namespace-not-found", "There is no namespace \"" + name + "\".")));
        }
        return new Choice(ids, Boolean.TRUE.equals(all));
    }

    private static void requirePost(Call call) throws ApiError {
        if (!call.method().equals("POST")) {
            throw ApiError.method(call, "POST");
        }
    }
}
