package dev.holdfast.server.config;

import dev.holdfast.server.config.EngineConfig.Kind;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Where providers put values above a size: {@code providers.NAME.large-values} names one of {@code blobs}. */
final class LargeValuesConfig {
    static final Setting<Size> OVER = new Setting<>(
            "large-values.over",
            Type.size(new Size(0), new Size(25 << 20)),
            "64KiB",
            "Values of more bytes than this lie where large-values.to says.");
    static final Setting<String> TO = new Setting<>(
            "large-values.to",
            new Type<>("a name below \"blobs\"", text -> text),
            "",
            "In which of \"blobs\" large values lie. Without it, all lie together.");
    private static final Named BLOBS = new Named(
            "blobs",
            Stream.concat(Stream.<Setting<?>>of(ProviderConfig.KIND), EngineSettings.all().stream())
                    .toList());

    private final Values values;
    private final Named providers;
    private final Path dataFolder;
    private final Set<String> taken = new HashSet<>();

    LargeValuesConfig(Values values, Named providers, Path dataFolder) {
        this.values = values;
        this.providers = providers;
        this.dataFolder = dataFolder;
    }

    static Named named() {
        return BLOBS;
    }

    static List<Setting<?>> settings() {
        return List.of(OVER, TO);
    }

    /** The engine of a provider, split where the configuration says so. */
    EngineConfig of(String provider, EngineConfig heads) {
        Setting<String> setting = providers.under(provider, TO);
        String to = values.get(setting).strip();
        if (to.isEmpty()) {
            return heads;
        }
        if (!BLOBS.names(values).contains(to)) {
            values.problem(setting, "there is no \"" + to + "\" below \"blobs\"; it needs its kind at least");
            return heads;
        }
        if (!taken.add(to)) {
            values.problem(setting, "is where another provider puts its large values; each needs one of its own");
        }
        BLOBS.check(values, to, "blob store");
        Kind kind = values.get(BLOBS.under(to, ProviderConfig.KIND));
        EngineConfig blobs = EngineSettings.read(values, BLOBS, to, kind, dataFolder);
        return new EngineConfig.Split(heads, values.get(providers.under(provider, OVER)), to, blobs);
    }

    /** The directory of a part of an engine that has one. */
    static Stream<Path> directories(EngineConfig engine) {
        return switch (engine) {
            case EngineConfig.Rocks rocks -> Stream.of(rocks.directory());
            case EngineConfig.Split split -> Stream.concat(directories(split.heads()), directories(split.blobs()));
            default -> Optional.<Path>empty().stream();
        };
    }
}
