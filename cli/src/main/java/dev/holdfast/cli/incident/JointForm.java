package dev.holdfast.cli.incident;

import dev.holdfast.cli.http.Json;
import dev.holdfast.engine.incident.joint.Joining;
import dev.holdfast.engine.incident.joint.JointIncident;
import dev.holdfast.engine.incident.joint.NodeEntry;
import dev.holdfast.engine.incident.joint.Sighting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Incidents of one cause as one JSON object: as a single one has it, with the node said of each alarm, impact and line. */
public final class JointForm {
    private JointForm() {}

    /** All that the nodes have, the newest first. */
    public static List<ObjectNode> all(List<AskedNode> nodes) {
        Map<Sighting, JsonNode> forms = forms(nodes);
        return Joining.of(forms.keySet()).stream()
                .map(joint -> of(joint, forms))
                .toList();
    }

    /** All that the nodes have as one, of which it was found before that it is. */
    public static ObjectNode one(List<AskedNode> nodes) {
        Map<Sighting, JsonNode> forms = forms(nodes);
        return of(new JointIncident(List.copyOf(forms.keySet())), forms);
    }

    private static Map<Sighting, JsonNode> forms(List<AskedNode> nodes) {
        Map<Sighting, JsonNode> forms = new HashMap<>();
        for (AskedNode node : nodes) {
            node.incidents()
                    .forEach(form -> forms.put(new Sighting(node.node(), IncidentRecords.incident(form)), form));
        }
        return forms;
    }

    private static ObjectNode of(JointIncident joint, Map<Sighting, JsonNode> forms) {
        ObjectNode form = Json.object()
                .put("id", joint.sightings().getFirst().incident().id())
                .put("title", joint.title())
                .put("severity", joint.severity().name())
                .put("worst", joint.worst().name())
                .put("opened_at", joint.openedAt());
        if (!joint.open()) {
            form.put("closed_at", joint.closedAt());
        }
        ArrayNode nodes = form.putArray("nodes");
        joint.nodes().forEach(nodes::add);
        named(form.putArray("alarms"), joint, forms, "alarms", "since");
        named(form.putArray("impact"), joint, forms, "impact", "tier");
        List<NodeEntry> entries = new ArrayList<>();
        for (Sighting sighting : joint.sightings()) {
            IncidentRecords.timeline(form(forms, sighting))
                    .forEach(entry -> entries.add(new NodeEntry(sighting.node(), entry)));
        }
        if (!entries.isEmpty()) {
            ArrayNode timeline = form.putArray("timeline");
            NodeEntry.merged(entries)
                    .forEach(each -> timeline.addObject()
                            .put("node", each.node())
                            .put("at", each.entry().at())
                            .put("who", each.entry().who())
                            .put("kind", each.entry().kind().label())
                            .put("what", each.entry().what()));
        }
        ArrayNode incidents = form.putArray("incidents");
        joint.sightings()
                .forEach(sighting ->
                        incidents.addObject().put("node", sighting.node()).set("incident", form(forms, sighting)));
        return form;
    }

    /** Those of all nodes, in the order of a number that each has. */
    private static void named(
            ArrayNode into, JointIncident joint, Map<Sighting, JsonNode> forms, String part, String number) {
        List<ObjectNode> all = new ArrayList<>();
        for (Sighting sighting : joint.sightings()) {
            for (JsonNode each : form(forms, sighting).path(part)) {
                ObjectNode named = Json.object().put("node", sighting.node());
                each.properties().forEach(member -> named.set(member.getKey(), member.getValue()));
                all.add(named);
            }
        }
        all.stream()
                .sorted(Comparator.comparingLong(
                                (ObjectNode each) -> each.path(number).asLong(0))
                        .thenComparing(each -> Json.text(each, "node", "")))
                .forEach(into::add);
    }

    private static JsonNode form(Map<Sighting, JsonNode> forms, Sighting sighting) {
        return Objects.requireNonNull(forms.get(sighting));
    }
}
