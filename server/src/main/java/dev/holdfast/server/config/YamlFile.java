package dev.holdfast.server.config;

import dev.holdfast.server.config.Values.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.dataformat.yaml.YAMLFactory;

/** The configuration file: maps of maps, with a text at each leaf and the line it stands on. */
final class YamlFile {
    private final String name;
    private final Map<String, Given> leaves = new LinkedHashMap<>();

    private YamlFile(String name) {
        this.name = name;
    }

    static Map<String, Given> read(Path file) throws BadConfig {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new BadConfig(List.of("There is no configuration file " + file + "."));
        } catch (IOException e) {
            throw new BadConfig(List.of("The configuration file " + file + " cannot be read: " + e.getMessage() + "."));
        }
        return parse(String.valueOf(file.getFileName()), text);
    }

    static Map<String, Given> parse(String name, String text) throws BadConfig {
        YamlFile file = new YamlFile(name);
        YAMLFactory yaml = YAMLFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser parser = yaml.createParser(ObjectReadContext.empty(), text)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                file.map(parser, "");
            } else if (first != null && first != JsonToken.VALUE_NULL) {
                throw file.bad(parser, "expected settings, one \"name: value\" a line");
            }
        } catch (JacksonException e) {
            throw file.unreadable(e);
        }
        return file.leaves;
    }

    private void map(JsonParser parser, String path) throws BadConfig {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = path + parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT) {
                map(parser, key + ".");
            } else if (value == JsonToken.START_ARRAY) {
                throw bad(parser, key + ": expected one value or a map, not a list");
            } else if (value != JsonToken.VALUE_NULL) {
                leaves.put(key, new Given(parser.getString(), name + ":" + line(parser)));
            }
        }
    }

    private BadConfig unreadable(JacksonException failure) {
        int line = failure.getLocation().getLineNr();
        String what = failure.getOriginalMessage();
        // The YAML reader knows better than Jackson's wrapping of it where it stopped.
        if (failure.getCause() instanceof MarkedYamlEngineException marked
                && marked.getProblemMark().isPresent()) {
            line = marked.getProblemMark().get().getLine() + 1;
            what = marked.getProblem();
        }
        return new BadConfig(List.of(name + ":" + line + ": " + what));
    }

    private BadConfig bad(JsonParser parser, String sentence) {
        return new BadConfig(List.of(name + ":" + line(parser) + ": " + sentence));
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
