package dev.holdfast.server.admin;

import dev.holdfast.engine.admission.AdmissionStatus;
import dev.holdfast.engine.admission.RampStatus;
import dev.holdfast.engine.edge.EdgeStatus;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.PinnedStatus;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.replication.StoreStatus.ClockView;
import dev.holdfast.engine.replication.StoreStatus.Counters;
import dev.holdfast.engine.replication.StoreStatus.HintView;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.http.Call;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/status} and {@code /v1/providers}. */
final class StatusCalls {
    private final Node node;

    StatusCalls(Node node) {
        this.node = node;
    }

    void all(Call call) throws ApiError {
        requireGet(call);
        StoreStatus status = node.near().status();
        ObjectNode body = Json.object().put("can_lose_one", status.canLoseOne());
        ArrayNode reasons = body.putArray("reasons");
        status.reasons().forEach(reasons::add);
        body.set("providers", providers(status));
        HintView hints = status.hints();
        body.putObject("hints")
                .put("depth", hints.depth())
                .put("oldest_age_ms", hints.oldestAgeMillis())
                .put("free_bytes", hints.freeBytes())
                .put("alarm", hints.alarm())
                .put("domain", hints.domain());
        ArrayNode clocks = body.putArray("clocks");
        status.clocks().forEach(clock -> clocks.add(form(clock)));
        body.set("counters", counters(status.counters()));
        body.set("scrub", ScrubCalls.summary(status.scrub()));
        body.set("cache", cache(node.near()));
        body.set("admission", admission());
        ArrayNode incidents = body.putArray("incidents");
        node.incidents()
                .open()
                .forEach(incident -> incidents
                        .addObject()
                        .put("id", incident.id())
                        .put("severity", incident.severity().name())
                        .put("title", incident.title()));
        body.set("webhooks", WebhookCalls.form(node.webhooks()));
        body.put("role", node.origin().isPresent() ? "origin" : "edge")
                .put("version", node.version())
                .put("started_at", node.startedAt())
                .put("drills", node.drills())
                .put("account_id", node.account());
        Json.answer(call, 200, body);
    }

    void providers(Call call) throws ApiError {
        requireGet(call);
        ObjectNode body = Json.object();
        body.set("providers", providers(node.near().status()));
        Json.answer(call, 200, body);
    }

    void provider(Call call, String name) throws ApiError {
        requireGet(call);
        for (ProviderView view : node.near().status().providers()) {
            if (view.name().equals(name)) {
                Json.answer(call, 200, provider(view));
                return;
            }
        }
        throw unknown(name);
    }

    static ApiError unknown(String name) {
        return new ApiError(404, "provider-not-found", "There is no provider \"" + name + "\".");
    }

    private static ObjectNode form(ClockView clock) {
        ObjectNode form = Json.object()
                .put("of", clock.of())
                .put("ahead_ms", clock.bounds().shown())
                .put("at_least_ms", clock.bounds().least());
        if (clock.bounds().most() != Long.MAX_VALUE) {
            form.put("at_most_ms", clock.bounds().most());
        }
        return form.put("apart", clock.bounds().apart());
    }

    private ArrayNode providers(StoreStatus status) {
        ArrayNode list = Json.array();
        status.providers().forEach(view -> list.add(provider(view)));
        return list;
    }

    private ObjectNode provider(ProviderView view) {
        ObjectNode form = Json.object()
                .put("name", view.name())
                .put("domain", view.domain())
                .put("state", view.state().label())
                .put("since", view.since())
                .put("why", view.why())
                .put("hints", view.hints())
                .put("oldest_hint_age_ms", view.oldestHintAgeMillis())
                .put("deadline_us", view.deadlineMicros())
                .put("doing", view.doing())
                .put("compared_keys", view.comparedKeys())
                .put("phase", view.coming().phase())
                .put("proven_per_second", Math.round(view.coming().provenPerSecond()))
                .put("bound_per_second", Math.round(view.coming().boundPerSecond()))
                .put("under_way", view.coming().underWay())
                .put("limit", view.coming().limit())
                .put("left_ms", view.coming().leftMillis())
                .put("role", view.placed().role().label())
                .put("complete", view.placed().complete())
                .put("shadowed", view.placed().shadowed())
                .put("disagreed", view.placed().disagreed())
                .put("login", view.login().name())
                .put("credential", view.login().place())
                .put("credentials", view.login().of());
        view.login().endsAt().ifPresent(at -> form.put("credential_expires_at", at));
        form.set("fault", FaultCalls.form(node.home(view.name()).flatMap(Homes.Home::faulty)));
        return form;
    }

    private static ObjectNode counters(Counters counters) {
        return Json.object()
                .put("reads", counters.reads())
                .put("writes", counters.writes())
                .put("unconfirmed", counters.unconfirmed())
                .put("hinted", counters.hinted())
                .put("drained", counters.drained())
                .put("disagreements", counters.disagreements())
                .put("repairs", counters.repairs())
                .put("restamped", counters.restamped())
                .put("damaged", counters.damaged())
                .put("quarantined", counters.quarantined())
                .put("compared", counters.compared())
                .put("divergent", counters.divergent())
                .put("collected", counters.collected())
                .put("refused", counters.refused())
                .put("spared", counters.spared());
    }

    private ObjectNode admission() {
        AdmissionStatus admission = node.admitted().admission();
        ObjectNode form = Json.object()
                .put("under_way", admission.underWay())
                .put("limit", admission.limit())
                .put("waiting", admission.waiting())
                .put("waited", admission.waited());
        ArrayNode shed = form.putArray("shed");
        for (long ofTier : admission.shed()) {
            shed.add(ofTier);
        }
        return form.put("kept_out", node.admitted().keptOut())
                .put("gates", node.admitted().gates().notOpen())
                .put("recovering", admission.recovering())
                .put("borne_per_second", Math.round(admission.borne()))
                .put("bound_per_second", Math.round(admission.bound()))
                .put(
                        "ramp",
                        node.admitted()
                                .ramp()
                                .status()
                                .filter(ramp -> !ramp.over())
                                .map(RampStatus::phase)
                                .orElse(null));
    }

    private static ObjectNode cache(NearStore near) {
        EdgeStatus cache = near.edge();
        EdgeStatus.Counters counters = cache.counters();
        ObjectNode form = Json.object()
                .put("entries", cache.entries())
                .put("memory_bytes", cache.memoryBytes())
                .put("evicted", cache.evicted())
                .put("asking", cache.asking())
                .put("disk_bytes", cache.diskBytes())
                .put("disk_waiting", cache.diskWaiting());
        ArrayNode pinned = form.putArray("pinned");
        near.pinned().forEach(copy -> pinned.add(pinned(copy)));
        form.putObject("counters")
                .put("hits", counters.hits())
                .put("misses", counters.misses())
                .put("updating", counters.updating())
                .put("stale", counters.stale())
                .put("defaults", counters.defaults())
                .put("refused", counters.refused())
                .put("refreshes", counters.refreshes())
                .put("contradictions", counters.contradictions())
                .put("changes", counters.changes())
                .put("gaps", counters.gaps())
                .put("differences", counters.differences());
        return form;
    }

    private static ObjectNode pinned(PinnedStatus copy) {
        return Json.object()
                .put("namespace", copy.namespace().toString())
                .put("title", copy.title())
                .put("state", copy.state().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("keys", copy.keys())
                .put("bytes", copy.bytes())
                .put("age_ms", copy.ageMillis())
                .put("wanted", copy.wanted())
                .put("differences", copy.differences());
    }

    static void requireGet(Call call) throws ApiError {
        if (!call.method().equals("GET")) {
            throw ApiError.method(call, "GET");
        }
    }
}
