package dev.holdfast.server.admin;

import dev.holdfast.engine.incident.Impact;
import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.report.CaseFile;
import dev.holdfast.engine.incident.report.CaseFile.Affected;
import dev.holdfast.engine.incident.report.Report;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.http.Call;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /v1/incidents/{id}/report}: the draft of a post-mortem. Needs no provider and no other node. */
final class ReportCalls {
    private final Node node;
    private final Namespaces namespaces;
    private final Time time;

    ReportCalls(Node node, Namespaces namespaces, Time time) {
        this.node = node;
        this.namespaces = namespaces;
        this.time = time;
    }

    void answer(Call call, String id) throws ApiError {
        StatusCalls.requireGet(call);
        String format = call.query().get("format");
        CaseFile file = file(IncidentCalls.find(node.incidents(), id));
        switch (format == null ? "markdown" : format) {
            case "markdown" ->
                call.respond(
                        200,
                        "text/markdown; charset=utf-8",
                        Report.markdown(file).getBytes(StandardCharsets.UTF_8));
            case "html" ->
                call.answerHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
                        .respond(
                                200,
                                "text/html; charset=utf-8",
                                Report.html(file).getBytes(StandardCharsets.UTF_8));
            default -> throw ApiError.badRequest("bad-format", "format must be markdown or html.");
        }
    }

    private CaseFile file(Incident incident) throws ApiError {
        try {
            return new CaseFile(
                    incident,
                    node.incidents().timeline(incident.id()),
                    node.incidents().series(incident.id()),
                    affected(incident),
                    node.name(),
                    node.version(),
                    time.wallMillis());
        } catch (LocalStoreFault fault) {
            throw IncidentCalls.diskFails(fault);
        }
    }

    private Map<String, Affected> affected(Incident incident) {
        List<Namespace> all = namespaces.list(node.account(), false);
        Map<String, Affected> affected = new LinkedHashMap<>();
        for (Impact impact : incident.impact()) {
            NamespaceId id = NamespaceId.parse(impact.namespace());
            namespaces
                    .find(id)
                    .ifPresent(namespace -> affected.put(
                            impact.namespace(),
                            new Affected(
                                    namespace.title(),
                                    all.stream()
                                            .filter(other ->
                                                    other.policy().needs().contains(id))
                                            .map(Namespace::title)
                                            .toList())));
        }
        return affected;
    }
}
