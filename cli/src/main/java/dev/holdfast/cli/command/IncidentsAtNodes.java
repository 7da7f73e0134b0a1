package dev.holdfast.cli.command;

import dev.holdfast.cli.Connection;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.incident.AskedNode;
import dev.holdfast.cli.incident.IncidentRecords;
import dev.holdfast.cli.incident.JointForm;
import dev.holdfast.client.transport.Percent;
import dev.holdfast.engine.incident.report.CaseFile;
import dev.holdfast.engine.incident.report.JointFile;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The incidents of several nodes, as they answer. One that cannot be reached is told of, and hides nothing of the others. */
final class IncidentsAtNodes {
    private final Remote command;
    /** In the order in which they were named. */
    private final List<AskedNode> asked = new ArrayList<>();

    private IncidentsAtNodes(Remote command) {
        this.command = command;
    }

    /** Asks all of them. Two addresses of one node are one node, which is remarked. */
    static IncidentsAtNodes ask(Remote command, AtNodes nodes) {
        IncidentsAtNodes found = new IncidentsAtNodes(command);
        nodes.ask(command.connection, "answer", IncidentsAtNodes::list).lines().forEach(found::add);
        return found;
    }

    private static JsonNode list(Api control) {
        JsonNode answer = control.require(control.get("/v1/incidents")).json();
        // What cannot be understood is as good as no answer, and must not fail what others say.
        answer.path("incidents").forEach(IncidentRecords::incident);
        return answer;
    }

    private void add(JsonNode line) {
        JsonNode answer = line.path("answer");
        AskedNode node = new AskedNode(
                Json.text(line, "node", ""),
                Json.text(answer, "node", ""),
                answer.path("incidents").valueStream().toList(),
                Json.text(line, "failed", ""));
        for (AskedNode known : asked) {
            if (node.node().equals(known.node())
                    || (!node.name().isEmpty() && node.name().equals(known.name()))) {
                command.remark(node.node() + " is the same node as " + known.node() + ".");
                return;
            }
        }
        asked.add(node);
    }

    /** What is taken for one thing each, the newest first. */
    List<ObjectNode> joined() {
        return JointForm.all(asked);
    }

    /**
     * One of them with timelines and figures, for which the nodes are asked again.
     *
     * @param id of an incident at any of the nodes; of those that have one so called, the first that was named decides. Null for the
     *     newest
     * @throws Failure when there is none
     */
    ObjectNode whole(@Nullable String id) {
        ObjectNode joint = find(id);
        asked.replaceAll(node -> {
            List<String> ids = ids(joint, node);
            return ids.isEmpty() ? node.with(List.of()) : again(node, ids);
        });
        if (asked.stream().allMatch(node -> node.incidents().isEmpty())) {
            throw new Failure(Failure.FAILED, "None of the nodes that have it answers any more.");
        }
        return JointForm.one(asked);
    }

    private AskedNode again(AskedNode node, List<String> ids) {
        List<JsonNode> whole = new ArrayList<>();
        try (Api control = api(node)) {
            for (String id : ids) {
                whole.add(control.require(control.get("/v1/incidents/" + Percent.encode(id)))
                        .json());
            }
            whole.forEach(form -> IncidentRecords.file(node.node(), form, "", 0));
            return node.with(whole);
        } catch (Failure failure) {
            return node.failed(String.valueOf(failure.getMessage()));
        }
    }

    private Api api(AskedNode node) {
        return command.connection.api(URI.create(node.node()), Connection.DEADLINE);
    }

    private ObjectNode find(@Nullable String id) {
        List<ObjectNode> all = joined();
        if (id == null) {
            return all.stream()
                    .findFirst()
                    .orElseThrow(() -> new Failure(Failure.FAILED, "No incident is known." + unasked()));
        }
        for (AskedNode node : asked) {
            for (ObjectNode joint : all) {
                if (ids(joint, node).contains(id)) {
                    return joint;
                }
            }
        }
        throw new Failure(
                Failure.FAILED,
                "There is no incident \"" + Words.visible(id) + "\" at any of these nodes; holdfast incident list"
                        + " shows those that are known." + unasked());
    }

    /** Of what a node has of it. */
    private static List<String> ids(JsonNode joint, AskedNode node) {
        return joint.path("incidents")
                .valueStream()
                .filter(each -> Json.text(each, "node", "").equals(node.node()))
                .map(each -> Json.text(each.path("incident"), "id", ""))
                .toList();
    }

    /** All that a report is made from, after {@link #whole}. */
    JointFile file(String version) {
        long now = System.currentTimeMillis();
        List<CaseFile> files = new ArrayList<>();
        List<JointFile.Calm> calm = new ArrayList<>();
        List<JointFile.Unreached> unreached = new ArrayList<>();
        for (AskedNode node : asked) {
            node.incidents().forEach(form -> files.add(IncidentRecords.file(node.node(), form, version, now)));
            if (!node.reached()) {
                unreached.add(new JointFile.Unreached(node.node(), node.failed()));
            } else if (node.incidents().isEmpty()) {
                calm.add(new JointFile.Calm(node.node(), providers(node)));
            }
        }
        return new JointFile(files, calm, unreached, version, now);
    }

    /** Those that it uses; none when that cannot be told. */
    private Set<String> providers(AskedNode node) {
        try (Api control = api(node)) {
            return control.require(control.get("/v1/status"))
                    .json()
                    .path("providers")
                    .valueStream()
                    .map(each -> Json.text(each, "name", ""))
                    .collect(Collectors.toSet());
        } catch (Failure failure) {
            command.remark(node.node() + " does not say which providers it uses: " + failure.getMessage());
            return Set.of();
        }
    }

    /** Who was asked, and why some could not be. */
    ArrayNode form() {
        ArrayNode form = Json.array();
        for (AskedNode node : asked) {
            ObjectNode each = form.addObject().put("node", node.node());
            if (!node.name().isEmpty()) {
                each.put("name", node.name());
            }
            if (!node.reached()) {
                each.put("failed", node.failed());
            }
        }
        return form;
    }

    private List<AskedNode> missed() {
        return asked.stream().filter(node -> !node.reached()).toList();
    }

    private String unasked() {
        return missed().isEmpty()
                ? ""
                : " Not asked: " + missed().stream().map(AskedNode::node).collect(Collectors.joining(", ")) + ".";
    }

    /** @throws Failure naming those that could not be asked, if any, each with why */
    void requireAll() {
        if (!missed().isEmpty()) {
            throw new Failure(
                    Failure.FAILED,
                    missed().stream()
                            .map(node -> node.node() + ": NOT ASKED: " + Words.visible(node.failed()))
                            .collect(Collectors.joining("\n")));
        }
    }
}
