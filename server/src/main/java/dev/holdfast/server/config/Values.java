package dev.holdfast.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The texts that were given for settings, from the file, the environment and flags, and what is wrong with them. Problems are
 * gathered, so that one start shows them all. Not thread-safe.
 */
final class Values {
    /** @param where for an error: {@code holdfast.yaml:12}, {@code HOLDFAST_LISTEN}, {@code --listen} */
    record Given(String text, String where) {}

    private final TreeMap<String, Given> given = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    /** Later calls override earlier ones. */
    void give(Map<String, Given> more) {
        given.putAll(more);
    }

    /** The value of a setting; its default when it is not given, or not legally. */
    <T> T get(Setting<T> setting) {
        Given text = given.get(setting.name());
        if (text != null) {
            try {
                return setting.type().reading().apply(text.text());
            } catch (IllegalArgumentException e) {
                problem(setting, "expected " + setting.type().expects() + ", not \"" + text.text() + "\"");
            }
        }
        return setting.type().reading().apply(setting.standard());
    }

    /** Notes what is wrong with a setting, at the place where it was given. */
    void problem(Setting<?> setting, String sentence) {
        Given text = given.get(setting.name());
        problems.add((text == null ? "" : text.where() + ": ") + setting.name() + ": " + sentence);
    }

    /** Notes every given path that is none of {@code known}, with the nearest that is. */
    void refuseOthersThan(Collection<String> known) {
        given.forEach((path, text) -> {
            if (!known.contains(path)) {
                problems.add(text.where() + ": no setting \"" + path + "\"; did you mean \""
                        + Spelling.nearest(path, known) + "\"?");
            }
        });
    }

    Collection<String> paths() {
        return given.keySet();
    }

    void requireSound() throws BadConfig {
        if (!problems.isEmpty()) {
            throw new BadConfig(problems);
        }
    }
}
