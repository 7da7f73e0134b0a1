package dev.holdfast.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Settings of things that the configuration names, such as providers: {@code path.NAME.setting}.
 *
 * @param path the part before the names
 */
record Named(String path, List<Setting<?>> settings) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final String VARIABLE = "HOLDFAST_";

    /** In the order of the alphabet. */
    List<String> names(Values values) {
        TreeSet<String> names = new TreeSet<>(Comparator.naturalOrder());
        for (String given : values.paths()) {
            if (given.startsWith(path + ".")) {
                String rest = given.substring(path.length() + 1);
                int dot = rest.indexOf('.');
                if (dot > 0) {
                    names.add(rest.substring(0, dot));
                }
            }
        }
        return List.copyOf(names);
    }

    <T> Setting<T> under(String name, Setting<T> setting) {
        return setting.under(path + "." + name);
    }

    List<Setting<?>> all(List<String> names) {
        List<Setting<?>> all = new ArrayList<>();
        for (String name : names) {
            settings.forEach(setting -> all.add(under(name, setting)));
        }
        return all;
    }

    /** As the documentation shows them. */
    List<Setting<?>> documented() {
        return all(List.of("NAME"));
    }

    /** Notes a name that is not one. */
    void check(Values values, String name, String thing) {
        if (!NAME.matcher(name).matches()) {
            values.problem(
                    under(name, settings.getFirst()),
                    "a " + thing + "'s name is 1 to 32 lower-case letters, digits and dashes, a letter first");
        }
    }

    /** The setting that a variable of the environment stands for; the underscores of the name stand for dashes. */
    Optional<String> path(String variable) {
        String begin =
                VARIABLE + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_') + "_";
        for (Setting<?> setting : settings) {
            String end = setting.variable().substring(VARIABLE.length() - 1);
            if (variable.startsWith(begin)
                    && variable.endsWith(end)
                    && variable.length() > begin.length() + end.length()) {
                String name = variable.substring(begin.length(), variable.length() - end.length());
                return Optional.of(path + "." + name.toLowerCase(Locale.ROOT).replace('_', '-') + "." + setting.name());
            }
        }
        return Optional.empty();
    }
}
