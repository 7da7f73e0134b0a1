package dev.holdfast.server.admin;

import dev.holdfast.engine.admission.Gates.Setting;
import dev.holdfast.engine.admission.Ramp.Preview;
import dev.holdfast.engine.admission.RampConfig;
import dev.holdfast.engine.admission.RampEvent;
import dev.holdfast.engine.admission.RampPlan;
import dev.holdfast.engine.admission.RampStatus;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.server.api.Json;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Ramps as JSON. */
final class RampForm {
    private RampForm() {}

    static ObjectNode of(Preview preview) {
        ObjectNode form = Json.object();
        ArrayNode waves = form.putArray("waves");
        for (int i = 0; i < preview.waves().size(); i++) {
            ObjectNode wave = wave(i + 1, preview.plan().waves().get(i));
            ArrayNode shares = wave.putArray("shares");
            preview.waves().get(i).shares().forEach(shares::add);
            waves.add(wave.put("takes_ms", preview.waves().get(i).takes().toMillis()));
        }
        ArrayNode notes = form.putArray("notes");
        preview.plan().notes().forEach(notes::add);
        return form.put("takes_ms", preview.takes().toMillis())
                .put("shuts", preview.shuts())
                .put("hot_keys", preview.hotKeys());
    }

    /** @param title of a namespace */
    static ObjectNode of(RampStatus status, RampConfig bounds, Function<NamespaceId, String> title) {
        ObjectNode form = Json.object()
                .put("phase", status.phase())
                .put("begun_at", status.begunAt())
                .put("by", status.by())
                .put("why", status.why())
                .put("wave", status.wave())
                .put("holding", status.holding())
                .put("waiting", status.waiting())
                .put("calm_ms", status.calm().toMillis())
                .put("left_ms", status.left().toMillis())
                .put("not_kept", status.notKept());
        if (status.over()) {
            form.put("ended_at", status.endedAt());
        }
        ArrayNode waves = form.putArray("waves");
        for (RampStatus.WaveView view : status.waves()) {
            waves.add(wave(view.number(), view.wave())
                    .put("share", view.share())
                    .put("state", view.state())
                    .put("keys", view.keys()));
        }
        ArrayNode notes = form.putArray("notes");
        status.notes().forEach(notes::add);
        form.putObject("look")
                .put("calls", status.seen().calls())
                .put("errors", status.seen().errors())
                .put("p99_ms", status.seen().p99Millis())
                .put("wait_p99_ms", status.seen().waitP99Millis())
                .put("busy", status.seen().busy());
        form.putObject("bounds")
                .put("look_ms", bounds.look().toMillis())
                .put("calm_ms", bounds.calm().toMillis())
                .put("patience_ms", bounds.patience().toMillis())
                .put("errors", bounds.maxErrors())
                .put("p99_ms", bounds.maxP99().toMillis())
                .put("wait_p99_ms", bounds.maxWait().toMillis())
                .put("busy", bounds.maxConcurrency())
                .put("growth", bounds.maxGrowth());
        ArrayNode byHand = form.putArray("by_hand");
        for (Setting setting : status.byHand()) {
            byHand.addObject()
                    .put("namespace", setting.namespace().toString())
                    .put("title", title.apply(setting.namespace()))
                    .put("gate", setting.gate().toString());
        }
        ArrayNode history = form.putArray("history");
        for (RampEvent event : status.history()) {
            history.addObject()
                    .put("at", event.at())
                    .put("kind", event.kind().label())
                    .put("wave", event.wave())
                    .put("by", event.by())
                    .put("sentence", event.sentence());
        }
        return form;
    }

    private static ObjectNode wave(int number, RampPlan.Wave wave) {
        ObjectNode form = Json.object()
                .put("number", number)
                .put("kind", wave.hottest() ? "hottest-keys" : "namespaces")
                .put("tier", wave.tier())
                .put("per_second", wave.perSecond());
        ArrayNode namespaces = form.putArray("namespaces");
        for (RampPlan.Member member : wave.members()) {
            namespaces
                    .addObject()
                    .put("namespace", member.id().toString())
                    .put("title", member.title())
                    .put("per_second", member.perSecond())
                    .put("from", member.from().toString());
        }
        return form;
    }
}
