package dev.holdfast.server.config;

import dev.holdfast.server.config.Values.Given;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Settings from variables: {@code HOLDFAST_} and the setting's name in capitals, dots and dashes as underscores. In
 * {@code HOLDFAST_PROVIDERS_<NAME>_DIRECTORY} the underscores of the name stand for dashes.
 *
 * <p>A variable that is no setting is warned of and not refused: where a service is called holdfast, container platforms put
 * variables such as {@code HOLDFAST_PORT} into every process on their own.
 */
final class Environment {
    private static final String PREFIX = "HOLDFAST_";

    private final Map<String, Given> given = new LinkedHashMap<>();
    private final List<String> unknown = new ArrayList<>();
    private final List<String> known = new ArrayList<>();

    private Environment() {}

    static Environment of(Map<String, String> variables, List<Setting<?>> settings) {
        Environment environment = new Environment();
        Map<String, String> paths = new TreeMap<>();
        settings.forEach(setting -> paths.put(setting.variable(), setting.name()));
        environment.known.addAll(paths.keySet());
        new TreeMap<>(variables).forEach((variable, text) -> {
            if (variable.startsWith(PREFIX)) {
                Optional<String> path = Optional.ofNullable(paths.get(variable))
                        .or(() -> ProviderConfig.named().path(variable))
                        .or(() -> WebhookConfig.named().path(variable))
                        .or(() -> KeyConfig.named().path(variable));
                path.ifPresentOrElse(
                        found -> environment.given.put(found, new Given(text, variable)),
                        () -> environment.unknown.add(variable));
            }
        });
        return environment;
    }

    Map<String, Given> given() {
        return given;
    }

    /** A warning for each variable that begins as ours and is neither a setting nor one of {@code others}. */
    List<String> unknown(List<String> others) {
        return unknown.stream()
                .filter(variable -> !others.contains(variable))
                .map(variable -> "The variable " + variable + " is no setting and has no effect; the nearest one is "
                        + Spelling.nearest(variable, known) + ".")
                .toList();
    }
}
