package dev.holdfast.server.config;

import java.util.Locale;

/**
 * One key of the configuration.
 *
 * @param name the path in the file, parts joined by dots: {@code admin.listen}
 * @param standard the text that stands for it when it is not given; it must be legal for the type
 * @param says what it does, for docs/configuration.md
 */
public record Setting<T>(String name, Type<T> type, String standard, String says) {

    /** The variable of the environment that overrides it: {@code HOLDFAST_ADMIN_LISTEN}. */
    public String variable() {
        return "HOLDFAST_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The same setting below another path: that of one provider, one namespace. */
    Setting<T> under(String path) {
        return new Setting<>(path + "." + name, type, standard, says);
    }
}
