package dev.holdfast.cli.moving;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.Percent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The admin port of one node: what its providers are in its placement. A node that starts counts as not reachable. */
public final class NodeAt {
    private final Api control;

    public NodeAt(Api control) {
        this.control = control;
    }

    /**
     * A provider as a node has it.
     *
     * @param role {@code serving}, {@code joining} or {@code leaving}
     * @param complete of one that joins or leaves: whether it lacks nothing but what waits for it
     * @param shadowed reads that it was asked beside the others
     * @param disagreed those of them that it would have answered with something older
     */
    public record Seen(
            String name,
            String domain,
            String role,
            String state,
            boolean complete,
            long hints,
            long comparedKeys,
            long shadowed,
            long disagreed,
            String doing) {

        public boolean serves() {
            return role.equals("serving");
        }

        /** What it lacks, as a part of a sentence. */
        String standing() {
            return name + " is " + state + ", " + hints + " writes wait for it";
        }

        /** Whether its word counts, or could. */
        public boolean lacksNothing() {
            return hints == 0 && isWhole();
        }

        /** Whether it lacks nothing but what waits for it: a node compares all providers only when each does. */
        boolean isWhole() {
            return serves() ? state.equals("current") : complete;
        }
    }

    public String name() {
        return control.base().toString();
    }

    public Api control() {
        return control;
    }

    public List<Seen> providers() {
        List<Seen> providers = new ArrayList<>();
        for (JsonNode one : answered(control.get("/v1/providers")).path("providers")) {
            providers.add(new Seen(
                    Json.text(one, "name", ""),
                    Json.text(one, "domain", ""),
                    Json.text(one, "role", ""),
                    Json.text(one, "state", ""),
                    one.path("complete").asBoolean(false),
                    one.path("hints").asLong(0),
                    one.path("compared_keys").asLong(0),
                    one.path("shadowed").asLong(0),
                    one.path("disagreed").asLong(0),
                    Json.text(one, "doing", "")));
        }
        return providers;
    }

    public Optional<Seen> provider(String name) {
        return providers().stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /**
     * Asks for another role.
     *
     * @return why the node refuses, for now; empty when it is done
     */
    public Optional<String> place(String provider, String role) {
        Reply reply = control.send(
                "PUT",
                "/v1/providers/" + Percent.encode(provider) + "/role",
                Json.object().put("role", role));
        if (reply.status() == 409) {
            return Optional.of(reply.problem().message());
        }
        answered(reply);
        return Optional.empty();
    }

    /** A comparison of all providers, which it is asked for by the first look. */
    Comparison comparison() {
        return new Comparison(control, this::answered);
    }

    private JsonNode answered(Reply reply) {
        if (reply.status() >= 500) {
            throw new Failure(
                    Failure.NOT_REACHABLE, name() + ": " + reply.problem().message());
        }
        return control.require(reply).json();
    }
}
