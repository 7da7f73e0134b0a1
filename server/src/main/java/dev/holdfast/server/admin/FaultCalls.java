package dev.holdfast.server.admin;

import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Operation;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Fields;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/providers/{name}/fault}: making a provider fail on purpose. */
final class FaultCalls {
    private static final int BODY_BYTES = 16 * 1024;
    private static final long LONGEST_DELAY_MS = 3_600_000;
    private static final double MOST_PER_SECOND = 1e6;

    private final Node node;
    private final AuditLog audit;

    FaultCalls(Node node, AuditLog audit) {
        this.node = node;
        this.audit = audit;
    }

    void answer(Call call, Grant grant, String name) throws ApiError, BodyFault {
        Homes.Home home = node.home(name).orElseThrow(() -> StatusCalls.unknown(name));
        switch (call.method()) {
            case "GET" -> answerCurrent(call, home.faulty());
            case "PUT" -> {
                FaultyProvider provider = drilled(home);
                Fault fault = read(Fields.of(call.body(BODY_BYTES)));
                provider.inject(fault);
                audit.write(AuditEntry.of(call, grant, Action.FAULT_SET, name + " " + form(fault), AuditEntry.DONE));
                answerCurrent(call, home.faulty());
            }
            case "DELETE" -> {
                drilled(home).clear();
                audit.write(AuditEntry.of(call, grant, Action.FAULT_CLEAR, name, AuditEntry.DONE));
                answerCurrent(call, home.faulty());
            }
            default -> throw ApiError.method(call, "GET, PUT, DELETE");
        }
    }

    private FaultyProvider drilled(Homes.Home home) throws ApiError {
        return home.faulty().orElseThrow(FaultCalls::drillsOff);
    }

    static ApiError drillsOff() {
        return new ApiError(403, "drills-off", "Drills are off; start the server with --drills to allow them.");
    }

    private static Fault read(Fields fields) throws ApiError {
        String mode = fields.text("mode");
        double rate = fields.number("rate", 0, 1, 1);
        List<String> operations = fields.textsOrNull("operations");
        Long delay = fields.wholeOrNull("delay_ms", 0, LONGEST_DELAY_MS);
        double perSecond = fields.number("per_second", 0, MOST_PER_SECOND, 0);
        fields.noOthers();
        Set<Operation> struck = EnumSet.allOf(Operation.class);
        try {
            if (operations != null) {
                struck.clear();
                for (String operation : operations) {
                    struck.add(Operation.parse(operation));
                }
            }
            long usual = perSecond > 0 ? 0 : 200;
            return new Fault(
                    FaultMode.parse(mode), rate, struck, Duration.ofMillis(delay == null ? usual : delay), perSecond);
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest("bad-fault", "This is no fault: " + e.getMessage() + ".");
        }
    }

    private static void answerCurrent(Call call, Optional<FaultyProvider> provider) {
        ObjectNode body = Json.object();
        body.set("fault", form(provider));
        Json.answer(call, 200, body);
    }

    static JsonNode form(Optional<FaultyProvider> provider) {
        return provider.flatMap(faulty ->
                        faulty.current().<JsonNode>map(fault -> form(fault).put("struck", faulty.struck())))
                .orElseGet(NullNode::getInstance);
    }

    private static ObjectNode form(Fault fault) {
        ObjectNode form = Json.object().put("mode", fault.mode().label()).put("rate", fault.rate());
        ArrayNode operations = form.putArray("operations");
        fault.operations().stream().sorted().forEach(operation -> operations.add(operation.label()));
        if (fault.mode() == FaultMode.SLOW) {
            form.put("delay_ms", fault.delay().toMillis());
            if (fault.perSecond() > 0) {
                form.put("per_second", fault.perSecond());
            }
        }
        return form;
    }
}
