package dev.holdfast.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A master key: where it is found, and never what it is.
 *
 * @param name as namespaces and the catalogue call it
 * @param file that holds it, and that only its owner may read; empty when a variable does
 * @param variable of the environment that holds it; empty when a file does
 */
public record KeyConfig(String name, Optional<Path> file, Optional<String> variable) {

    private static final Pattern VARIABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    static final Setting<Optional<Path>> FILE = new Setting<>(
            "file",
            Type.optional(Type.PATH),
            "",
            "A file with the master key, 32 bytes as 64 hexadecimal digits or in Base64, that only its owner may read;"
                    + " a relative path is below the data folder.");
    static final Setting<Optional<String>> VARIABLE = new Setting<>(
            "variable",
            Type.optional(new Type<>("the name of a variable", KeyConfig::variableName)),
            "",
            "Instead of a file: the name of the variable of the environment that holds the master key.");
    private static final Named NAMED = new Named("encryption.keys", List.of(FILE, VARIABLE));

    static List<KeyConfig> from(Values values, Path data) {
        List<KeyConfig> keys = new ArrayList<>();
        for (String name : NAMED.names(values)) {
            NAMED.check(values, name, "key");
            KeyConfig key = new KeyConfig(
                    name,
                    values.get(NAMED.under(name, FILE)).map(data::resolve),
                    values.get(NAMED.under(name, VARIABLE)));
            if (key.file.isPresent() == key.variable.isPresent()) {
                values.problem(NAMED.under(name, FILE), "a key is in a file or in a variable: name one of the two");
            }
            keys.add(key);
        }
        return List.copyOf(keys);
    }

    static Named named() {
        return NAMED;
    }

    private static String variableName(String text) {
        if (!VARIABLE_NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("no name of a variable");
        }
        return text;
    }
}
