package dev.holdfast.server.config;

import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.server.config.EngineConfig.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One provider.
 *
 * @param name as it stands in receipts, metrics and the admin API
 * @param domain what it is lost together with; empty to find out
 * @param jurisdiction in whose law it stands; empty for none that is known
 */
public record ProviderConfig(
        String name, Optional<FailureDomain> domain, Optional<String> jurisdiction, EngineConfig engine) {

    static final Setting<Kind> KIND =
            new Setting<>("kind", Type.oneOf(Kind.class), "rocksdb", "The engine that keeps its records.");
    static final Setting<Optional<FailureDomain>> DOMAIN = new Setting<>(
            "failure-domain",
            Type.optional(new Type<>("operator/region/device", ProviderConfig::domain)),
            "",
            "What it is lost together with, as operator/region/device. Without it, this host and the disk of the"
                    + " directory, and for others the servers or the endpoint.");

    static final Setting<Optional<String>> JURISDICTION = new Setting<>(
            "jurisdiction",
            Type.optional(Jurisdictions.TYPE),
            "",
            "In whose law it stands, such as eu: namespaces with this jurisdiction may lie there. Without one, only"
                    + " namespaces without.");

    private static final Named NAMED = new Named(
            "providers",
            Stream.concat(Stream.<Setting<?>>of(KIND, DOMAIN, JURISDICTION), EngineSettings.all().stream())
                    .toList());
    private static final List<String> DEFAULT_NAMES = List.of("a", "b");

    /** The providers of the configuration: those it names, or {@code a} and {@code b}. */
    static List<ProviderConfig> from(Values values, Path dataFolder) {
        List<ProviderConfig> providers = new ArrayList<>();
        Map<Path, String> taken = new LinkedHashMap<>();
        for (String name : names(values)) {
            Kind kind = values.get(NAMED.under(name, KIND));
            EngineConfig engine = EngineSettings.read(values, NAMED, name, kind, dataFolder);
            providers.add(new ProviderConfig(
                    name, values.get(NAMED.under(name, DOMAIN)), values.get(NAMED.under(name, JURISDICTION)), engine));
            if (engine instanceof EngineConfig.Rocks rocks) {
                String other =
                        taken.putIfAbsent(rocks.directory().toAbsolutePath().normalize(), name);
                if (other != null) {
                    values.problem(
                            NAMED.under(name, EngineSettings.DIRECTORY),
                            "is already the directory of provider " + other);
                }
            }
            NAMED.check(values, name, "provider");
        }
        return List.copyOf(providers);
    }

    /** The settings of every provider that the configuration names, and of the default ones if it names none. */
    static List<Setting<?>> settings(Values values) {
        return NAMED.all(names(values));
    }

    static Named named() {
        return NAMED;
    }

    private static List<String> names(Values values) {
        List<String> names = NAMED.names(values);
        return names.isEmpty() ? DEFAULT_NAMES : names;
    }

    private static FailureDomain domain(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not three parts");
        }
        for (String part : parts) {
            if (part.isBlank()) {
                throw new IllegalArgumentException("an empty part");
            }
        }
        return new FailureDomain(parts[0], parts[1], parts[2]);
    }
}
