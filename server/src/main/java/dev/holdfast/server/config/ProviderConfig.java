package dev.holdfast.server.config;

import dev.holdfast.engine.provider.FailureDomain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One provider.
 *
 * @param name as it stands in receipts, metrics and the admin API
 * @param directory where an embedded one keeps its records
 * @param domain what it is lost together with; empty to find out from the disk
 * @param cache memory for what was read lately
 */
public record ProviderConfig(String name, Kind kind, Path directory, Optional<FailureDomain> domain, Size cache) {

    /** The engines there are. */
    public enum Kind {
        ROCKSDB
    }

    static final Setting<Kind> KIND =
            new Setting<>("kind", Type.oneOf(Kind.class), "rocksdb", "The engine that keeps its records.");
    static final Setting<Optional<Path>> DIRECTORY = new Setting<>(
            "directory",
            Type.optional(Type.PATH),
            "",
            "Where its records lie; a relative path is below the data folder. Without it, a folder of the provider's"
                    + " name there.");
    static final Setting<Optional<FailureDomain>> DOMAIN = new Setting<>(
            "failure-domain",
            Type.optional(new Type<>("operator/region/device", ProviderConfig::domain)),
            "",
            "What it is lost together with, as operator/region/device. Without it, this host and the disk of the"
                    + " directory.");
    static final Setting<Size> CACHE = new Setting<>(
            "cache",
            Type.size(new Size(1 << 20), new Size(1L << 40)),
            "64MiB",
            "Memory for blocks of records that were read lately.");
    static final List<Setting<?>> SETTINGS = List.of(KIND, DIRECTORY, DOMAIN, CACHE);

    private static final Named NAMED = new Named("providers", SETTINGS);
    private static final List<String> DEFAULT_NAMES = List.of("a", "b");

    /** The providers of the configuration: those it names, or {@code a} and {@code b}. */
    static List<ProviderConfig> from(Values values, Path dataFolder) {
        List<ProviderConfig> providers = new ArrayList<>();
        Map<Path, String> taken = new LinkedHashMap<>();
        for (String name : names(values)) {
            Path directory =
                    dataFolder.resolve(values.get(under(name, DIRECTORY)).orElse(Path.of(name)));
            providers.add(new ProviderConfig(
                    name,
                    values.get(under(name, KIND)),
                    directory,
                    values.get(under(name, DOMAIN)),
                    values.get(under(name, CACHE))));
            String other = taken.putIfAbsent(directory.toAbsolutePath().normalize(), name);
            if (other != null) {
                values.problem(under(name, DIRECTORY), "is already the directory of provider " + other);
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

    private static <T> Setting<T> under(String name, Setting<T> setting) {
        return NAMED.under(name, setting);
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
