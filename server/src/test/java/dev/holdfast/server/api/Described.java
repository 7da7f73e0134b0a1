package dev.holdfast.server.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code openapi.json} says, to hold answers against. */
public final class Described {
    private static final JsonMapper JSON = new JsonMapper();
    static final JsonNode DOCUMENT = read();
    static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE");

    private Described() {}

    /** One method of one path. */
    record Operation(String path, String method, JsonNode node) {
        String id() {
            return node.get("operationId").asString();
        }
    }

    private static JsonNode read() {
        try (InputStream in = Described.class.getResourceAsStream("/dev/holdfast/server/v1/openapi.json")) {
            return JSON.readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Set<String> paths(boolean admin) {
        return DOCUMENT.get("paths")
                .propertyStream()
                .filter(path -> path.getValue().has("servers") == admin)
                .map(path -> path.getKey())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static List<Operation> operations() {
        return DOCUMENT.get("paths")
                .propertyStream()
                .flatMap(path -> operations(path.getKey()))
                .toList();
    }

    static Stream<Operation> operations(String path) {
        return DOCUMENT.get("paths")
                .get(path)
                .propertyStream()
                .filter(field -> METHODS.contains(field.getKey().toUpperCase(Locale.ROOT)))
                .map(field -> new Operation(path, field.getKey().toUpperCase(Locale.ROOT), field.getValue()));
    }

    static Optional<Operation> find(boolean admin, String method, String rawPath) {
        return paths(admin).stream()
                .filter(template -> fits(template.split("/", -1), rawPath.split("/", -1)))
                .flatMap(Described::operations)
                .filter(operation -> operation.method.equals(method))
                .findFirst();
    }

    private static boolean fits(String[] template, String[] path) {
        boolean open = template[template.length - 1].equals("{key}");
        if (open ? path.length < template.length : path.length != template.length) {
            return false;
        }
        for (int i = 0; i < template.length; i++) {
            if (!template[i].startsWith("{") && !template[i].equals(path[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Holds an answer, and the request if it was a good one, against the description.
     *
     * @param target path and query
     * @throws AssertionError saying all that differs
     */
    public static void check(
            boolean admin, String method, String target, @Nullable String body, HttpResponse<byte[]> answer) {
        String[] parts = target.split("\\?", 2);
        Operation operation = find(admin, method, parts[0]).orElse(null);
        List<String> problems = new ArrayList<>();
        if (operation == null) {
            if (answer.statusCode() < 400) {
                problems.add("not described");
            }
        } else {
            response(operation, answer, problems);
            if (answer.statusCode() < 300) {
                request(operation, parts.length > 1 ? parts[1] : "", body, problems);
            }
        }
        if (!problems.isEmpty()) {
            throw new AssertionError(method + " " + target + " " + answer.statusCode() + ": " + problems);
        }
    }

    private static void response(Operation operation, HttpResponse<byte[]> answer, List<String> problems) {
        JsonNode response = operation.node.get("responses").path(Integer.toString(answer.statusCode()));
        if (response.isMissingNode()) {
            problems.add("this status is not described");
            return;
        }
        response = Schema.resolved(DOCUMENT, response);
        for (String header : answer.headers().map().keySet()) {
            if (header.startsWith("holdfast-")
                    && !header.equals("holdfast-request")
                    && response.path("headers").propertyNames().stream().noneMatch(header::equalsIgnoreCase)) {
                problems.add("the header " + header + " is not described");
            }
        }
        String type = answer.headers().firstValue("content-type").orElse("").replaceFirst(";.*", "");
        JsonNode content = response.path("content");
        if (answer.body().length == 0 && (operation.method.equals("HEAD") || content.isMissingNode())) {
            return;
        }
        if (!content.has(type)) {
            problems.add("content of type \"" + type + "\" is not described");
        } else if (type.equals("application/json")) {
            problems.addAll(Schema.problems(DOCUMENT, content.get(type).get("schema"), JSON.readTree(answer.body())));
        }
    }

    private static void request(Operation operation, String query, @Nullable String body, List<String> problems) {
        Set<String> known = operation
                .node
                .path("parameters")
                .valueStream()
                .filter(parameter -> parameter.get("in").asString().equals("query"))
                .map(parameter -> parameter.get("name").asString())
                .collect(Collectors.toSet());
        Arrays.stream(query.split("&"))
                .map(parameter -> parameter.split("=", 2)[0])
                .filter(name -> !name.isEmpty() && !known.contains(name))
                .forEach(name -> problems.add("the parameter " + name + " is not described"));
        JsonNode schema = operation.node.at("/requestBody/content/application~1json/schema");
        if (!schema.isMissingNode()) {
            problems.addAll(Schema.problems(DOCUMENT, schema, JSON.readTree(body == null ? "null" : body)));
        }
    }
}
