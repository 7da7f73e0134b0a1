package dev.holdfast.server.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** As much of JSON Schema as the description uses. A keyword that is unknown here is a problem, so that none goes unchecked. */
final class Schema {
    private static final Set<String> SILENT = Set.of("description", "format");

    private final JsonNode document;
    private final List<String> problems = new ArrayList<>();

    private Schema(JsonNode document) {
        this.document = document;
    }

    /** What is wrong with the value, a sentence each. */
    static List<String> problems(JsonNode document, JsonNode schema, JsonNode value) {
        Schema check = new Schema(document);
        check.check(schema, value, "");
        return check.problems;
    }

    /** What a {@code $ref} stands for; a node without one is itself. */
    static JsonNode resolved(JsonNode document, JsonNode node) {
        if (!node.has("$ref")) {
            return node;
        }
        JsonNode found = document.at(node.get("$ref").asString().substring(1));
        if (found.isMissingNode()) {
            throw new AssertionError("nothing is at " + node.get("$ref"));
        }
        return resolved(document, found);
    }

    private void check(JsonNode reference, JsonNode value, String at) {
        JsonNode schema = resolved(document, reference);
        for (String keyword : schema.propertyNames()) {
            JsonNode says = schema.get(keyword);
            boolean holds = switch (keyword) {
                case "type" ->
                    says.isArray()
                            ? says.valueStream().anyMatch(one -> isOf(one.asString(), value))
                            : isOf(says.asString(), value);
                case "const" -> says.equals(value);
                case "enum" -> says.valueStream().anyMatch(value::equals);
                case "pattern" ->
                    !value.isString()
                            || Pattern.compile(says.asString())
                                    .matcher(value.asString())
                                    .find();
                case "minimum" -> !value.isNumber() || value.asDouble() >= says.asDouble();
                case "maximum" -> !value.isNumber() || value.asDouble() <= says.asDouble();
                case "minLength" -> !value.isString() || value.asString().length() >= says.asInt();
                case "maxLength" -> !value.isString() || value.asString().length() <= says.asInt();
                case "maxItems" -> !value.isArray() || value.size() <= says.asInt();
                case "required" -> !value.isObject() || says.valueStream().allMatch(name -> value.has(name.asString()));
                case "oneOf" ->
                    says.valueStream()
                                    .filter(one ->
                                            problems(document, one, value).isEmpty())
                                    .count()
                            == 1;
                case "items" -> {
                    for (int i = 0; value.isArray() && i < value.size(); i++) {
                        check(says, value.get(i), at + "/" + i);
                    }
                    yield true;
                }
                case "properties", "additionalProperties" -> true;
                default -> SILENT.contains(keyword);
            };
            if (!holds) {
                problems.add(at + ": " + value + " is not of " + keyword + " " + says);
            }
        }
        if (value.isObject()) {
            fields(schema, value, at);
        }
    }

    private void fields(JsonNode schema, JsonNode value, String at) {
        JsonNode known = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        for (String name : value.propertyNames()) {
            if (known.has(name)) {
                check(known.get(name), value.get(name), at + "/" + name);
            } else if (others.isBoolean() && !others.asBoolean()) {
                problems.add(at + ": no field \"" + name + "\" is described");
            } else if (others.isObject()) {
                check(others, value.get(name), at + "/" + name);
            }
        }
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> throw new AssertionError("no type " + type);
        };
    }
}
