package dev.holdfast.server.admin;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.HomesAudit;
import dev.holdfast.engine.replication.HomesAudit.Found;
import dev.holdfast.engine.replication.Placement;
import dev.holdfast.engine.replication.Placement.Changed;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.Role;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Fields;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/providers/{name}/role} and {@code /v1/homes}: what providers are in the placement, and where the keys lie. */
final class PlacementCalls {
    private static final int MOST_BODY = 4096;
    /** Of a look that shows that a provider can be spared: what is written later goes to the others as well. */
    private static final long GOOD_FOR_MILLIS = 600_000;

    private final Node node;
    private final AuditLog audit;
    private final Time time;
    private final Supplier<List<Namespace>> namespaces;
    private final OneRun<Look, Found> homes;
    private final JurisdictionGuard guard;

    /** A look at the homes of every key, as if there were no such provider as {@code without}. */
    private record Look(HomesAudit audit, Optional<String> without) {}

    PlacementCalls(
            Node node, AuditLog audit, Time time, Supplier<List<Namespace>> namespaces, JurisdictionGuard guard) {
        this.guard = guard;
        this.node = node;
        this.audit = audit;
        this.time = time;
        this.namespaces = namespaces;
        this.homes = new OneRun<>(
                time,
                "homes",
                "the homes of keys could not be counted",
                look -> look.audit().run(namespaces.get(), look.without()));
    }

    void role(Call call, Grant grant, String name) throws ApiError, BodyFault {
        if (!call.method().equals("PUT")) {
            throw ApiError.method(call, "PUT");
        }
        Fields fields = Fields.of(call.body(MOST_BODY));
        String wanted = fields.text("role");
        fields.noOthers();
        node.requireOrigin();
        try {
            Changed changed = switch (wanted) {
                case "joining" -> node.homes().add(name, guard::trespassing);
                case "serving" -> promote(name);
                case "leaving" -> demote(name);
                case "removed" -> remove(name);
                default ->
                    throw ApiError.badRequest(
                            "bad-role", "A role is joining, serving, leaving or removed, not \"" + wanted + "\".");
            };
            switch (changed) {
                case Changed.Done(Role role) -> {
                    audit.write(
                            AuditEntry.of(call, grant, Action.PROVIDER_PLACE, name + " " + wanted, AuditEntry.DONE));
                    Json.answer(call, 200, Json.object().put("name", name).put("role", role.label()));
                }
                case Changed.Refused(String why) -> {
                    audit.write(AuditEntry.of(call, grant, Action.PROVIDER_PLACE, name + " " + wanted, "refused"));
                    throw new ApiError(409, "placement-refused", why);
                }
            }
        } catch (LocalStoreFault e) {
            throw new ApiError(503, "not-kept", "This node's disk does not take it: " + e.getMessage() + ".");
        }
    }

    private Changed promote(String name) throws LocalStoreFault, ApiError {
        Homes.Home home = node.home(name).orElse(null);
        try {
            Optional<String> trespassing = home == null ? Optional.empty() : guard.trespassing(home.itself());
            return trespassing.isPresent()
                    ? new Changed.Refused(trespassing.get())
                    : node.requireOrigin().placement().promote(name);
        } catch (ProviderFault fault) {
            return new Changed.Refused("Provider " + name + " does not answer: " + fault.getMessage() + ".");
        }
    }

    private Changed demote(String name) throws LocalStoreFault, ApiError {
        Placement placement = node.requireOrigin().placement();
        Optional<String> needed = guard.needed(placement, name, namespaces.get());
        return needed.isPresent() ? new Changed.Refused(needed.get()) : placement.demote(name, durability());
    }

    private int durability() {
        return namespaces.get().stream()
                .mapToInt(namespace -> namespace.policy().durability())
                .max()
                .orElse(1);
    }

    private Changed remove(String name) throws LocalStoreFault, ApiError {
        for (ProviderView view : node.near().status().providers()) {
            if (!view.name().equals(name)
                    && view.placed().role() == Role.SERVING
                    && (view.state() != ProviderState.CURRENT || view.hints() > 0)) {
                return new Changed.Refused("Provider " + view.name()
                        + " does not hold all that was written: it is "
                        + view.state().label() + " and lacks "
                        + view.hints() + " writes. Wait until it is current.");
            }
        }
        OneRun.Run<Look, Found> last = homes.last();
        Found found = last == null ? null : last.found;
        boolean about = last != null
                && last.about.without().equals(Optional.of(name))
                && time.wallMillis() - last.begunAt < GOOD_FOR_MILLIS;
        if (!about || found == null) {
            return new Changed.Refused(
                    "It has not been looked lately whether all keys have their homes without provider " + name
                            + ": holdfast provider drain " + name + ".");
        }
        Optional<String> needed = Spared.refusal(name, answers(name), found);
        return needed.isPresent()
                ? new Changed.Refused(needed.get())
                : node.homes().remove(name);
    }

    private boolean answers(String name) {
        return node.near().status().providers().stream()
                .filter(view -> view.name().equals(name))
                .anyMatch(view -> view.state() == ProviderState.CURRENT || view.state() == ProviderState.CATCHING_UP);
    }

    void homes(Call call, Grant grant) throws ApiError, BodyFault {
        switch (call.method()) {
            case "GET" -> Json.answer(call, 200, form(homes.last()));
            case "POST" -> {
                Fields fields = Fields.of(call.body(MOST_BODY));
                Optional<String> without = Optional.ofNullable(fields.textOrNull("without"));
                fields.noOthers();
                if (!homes.begin(new Look(node.requireOrigin().homes(), without))) {
                    throw new ApiError(409, "homes-under-way", "The homes of keys are being counted already.");
                }
                audit.write(AuditEntry.of(call, grant, Action.HOMES_COUNT, without.orElse("all"), "begun"));
                Json.answer(call, 202, form(homes.last()));
            }
            default -> throw ApiError.method(call, "GET, POST");
        }
    }

    private ObjectNode form(OneRun.@Nullable Run<Look, Found> run) {
        ObjectNode form = Json.object();
        form.put("running", run != null && !run.over);
        form.put("begun_at", run == null ? null : (Long) run.begunAt);
        form.put("without", run == null ? null : run.about.without().orElse(null));
        form.put("seen", run == null ? 0 : run.about.audit().seen());
        form.set("found", run == null ? null : found(run.found));
        return form;
    }

    private static @Nullable ObjectNode found(@Nullable Found found) {
        if (found == null) {
            return null;
        }
        ObjectNode form = Json.object()
                .put("keys", found.keys())
                .put("bytes", found.bytes())
                .put("short", found.shortOf())
                .put("took_ms", found.millis());
        ArrayNode unanswered = form.putArray("unanswered");
        found.unanswered().forEach(unanswered::add);
        ObjectNode digests = form.putObject("digests");
        found.digests()
                .forEach((name, digest) -> digests.putObject(name)
                        .put("keys", digest.rows())
                        .put("digest", String.format("%016x%016x", digest.high(), digest.low())));
        ArrayNode first = form.putArray("first");
        found.first().forEach(key -> {
            ObjectNode line = first.addObject()
                    .put("namespace", key.namespace())
                    .put("key", key.key().toString())
                    .put("version", key.version().toString())
                    .put("domains", key.domains())
                    .put("wanted", key.wanted());
            ArrayNode at = line.putArray("homes");
            key.homes().forEach(at::add);
        });
        return form;
    }
}
