package dev.holdfast.cli.command;

import dev.holdfast.cli.Nearest;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.Percent;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Finds namespaces by what people call them: the id or the title. */
final class Namespaces {
    private Namespaces() {}

    static String path(String namespace) {
        return "/v1/namespaces/" + Percent.encode(namespace);
    }

    static String valuePath(String namespace, String key) {
        return path(namespace) + "/values/" + Percent.encode(key);
    }

    /** @throws Failure naming those that are called nearly so, when there is none */
    static JsonNode find(Api store, String namespace, boolean deleted) {
        List<String> titles = new ArrayList<>();
        for (JsonNode one : all(store, deleted)) {
            if (called(one, namespace)) {
                return one;
            }
            titles.add(Json.text(one, "title", ""));
        }
        throw unknown(namespace, titles, deleted ? "deleted namespace" : "namespace");
    }

    static String id(Api store, String namespace) {
        return Json.text(find(store, namespace, false), "id", "");
    }

    static JsonNode all(Api store, boolean deleted) {
        JsonNode answer = store.require(store.get("/v1/namespaces" + (deleted ? "?deleted=true" : "")))
                .json();
        return answer.isArray() ? answer : answer.path("namespaces");
    }

    /** @return {@code reply}, when it is a success; an unknown namespace is met with the nearest titles */
    static Reply require(Api store, Reply reply, String namespace) {
        if (reply.status() == 404 && reply.problem().code().contains("namespace")) {
            List<String> titles = new ArrayList<>();
            Reply list = store.get("/v1/namespaces");
            if (list.ok()) {
                JsonNode answer = list.json();
                for (JsonNode one : answer.isArray() ? answer : answer.path("namespaces")) {
                    titles.add(Json.text(one, "title", ""));
                }
            }
            throw unknown(namespace, titles, "namespace");
        }
        return store.require(reply);
    }

    private static boolean called(JsonNode namespace, String name) {
        return Json.text(namespace, "title", "").equals(name)
                || Json.text(namespace, "id", "").equals(name);
    }

    private static Failure unknown(String written, List<String> titles, String thing) {
        List<String> near = Nearest.to(written, titles);
        String hint;
        if (!near.isEmpty()) {
            hint = "did you mean \"" + String.join("\" or \"", near) + "\"?";
        } else if (thing.startsWith("deleted")) {
            hint = "see holdfast namespace list --deleted";
        } else {
            hint = titles.isEmpty()
                    ? "make it with holdfast namespace create " + written
                    : "see holdfast namespace list, or make it with holdfast namespace create " + written;
        }
        return new Failure(Failure.FAILED, "There is no " + thing + " \"" + written + "\"; " + hint);
    }
}
