package dev.holdfast.server.config;

import dev.holdfast.engine.provider.FailureDomain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

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

    private static final String PATH = "providers";
    private static final List<String> DEFAULT_NAMES = List.of("a", "b");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

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
            if (!NAME.matcher(name).matches()) {
                values.problem(
                        under(name, DIRECTORY),
                        "a provider's name is 1 to 32 lower-case letters, digits and dashes, a letter first");
            }
        }
        return List.copyOf(providers);
    }

    /** The settings of every provider that the configuration names, and of the default ones if it names none. */
    static List<Setting<?>> settings(Values values) {
        List<Setting<?>> all = new ArrayList<>();
        for (String name : names(values)) {
            SETTINGS.forEach(setting -> all.add(under(name, setting)));
        }
        return all;
    }

    /** The settings as the documentation shows them. */
    static List<Setting<?>> documented() {
        List<Setting<?>> all = new ArrayList<>();
        SETTINGS.forEach(setting -> all.add(under("NAME", setting)));
        return all;
    }

    private static <T> Setting<T> under(String name, Setting<T> setting) {
        return setting.under(PATH + "." + name);
    }

    private static List<String> names(Values values) {
        TreeSet<String> names = new TreeSet<>(Comparator.naturalOrder());
        for (String path : values.paths()) {
            String[] parts = path.split("\\.", 3);
            if (parts.length == 3 && parts[0].equals(PATH)) {
                names.add(parts[1]);
            }
        }
        return names.isEmpty() ? DEFAULT_NAMES : List.copyOf(names);
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
