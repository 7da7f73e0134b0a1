package dev.holdfast.server.config;

import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.engine.admission.RampConfig;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.server.config.Values.Given;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole configuration of a server. A setting comes from a flag of the command line, else from the environment, else from
 * the file, else it has its default. Immutable.
 *
 * @param data the folder where the node keeps what is its own
 * @param jurisdiction of this node; empty for none that is known
 * @param maxProcessor percent of all processors beyond which a namespace that takes more than its share waits; 0 for what their number
 *     allows
 * @param drills whether providers can be made to fail on purpose through the admin API
 * @param warnings what the operator should know of the configuration, in sentences
 */
public record ServerConfig(
        DataPort dataPort,
        AdminPort adminPort,
        TlsFiles tls,
        Path data,
        Optional<String> jurisdiction,
        List<ProviderConfig> providers,
        NamespaceDefaults namespaces,
        ReplicationConfig replication,
        AdmissionConfig admission,
        int maxProcessor,
        RampConfig ramp,
        Cache cache,
        OriginsConfig origins,
        Logging logging,
        List<WebhookConfig> webhooks,
        List<KeyConfig> keys,
        BackupConfig backup,
        List<UpstreamConfig> upstreams,
        boolean drills,
        List<String> warnings) {

    static final Setting<Path> DATA = new Setting<>(
            "data",
            Type.PATH,
            "./holdfast-data",
            "The data folder. It holds the node's own state and, unless they say otherwise, the providers' records.");
    static final Setting<Boolean> DRILLS = new Setting<>(
            "drills",
            Type.BOOLEAN,
            "false",
            "Whether the admin API may make providers fail on purpose, and read their rows. Not for production data"
                    + " you cannot lose.");

    /** Variables of the environment that are not settings: they are the launcher's and the command line's. */
    private static final List<String> OTHER_VARIABLES =
            List.of("HOLDFAST_TOKEN", "HOLDFAST_URL", "HOLDFAST_ADMIN", "HOLDFAST_JAVA_HOME", "HOLDFAST_JAVA_OPTS");

    /**
     * Reads and checks everything.
     *
     * @param flags texts from the command line by the name of the setting
     * @throws BadConfig saying all that is wrong
     */
    public static ServerConfig load(Optional<Path> file, Map<String, String> environment, Map<String, String> flags)
            throws BadConfig {
        Values values = new Values();
        if (file.isPresent()) {
            values.give(YamlFile.read(file.get()));
        }
        Environment variables = Environment.of(environment, fixed());
        values.give(variables.given());
        Map<String, Given> fromFlags = new LinkedHashMap<>();
        flags.forEach((name, text) -> fromFlags.put(name, new Given(text, "--" + name.replace('.', '-'))));
        values.give(fromFlags);

        List<Setting<?>> known = new ArrayList<>(fixed());
        known.addAll(ProviderConfig.settings(values));
        known.addAll(LargeValuesConfig.named().all(LargeValuesConfig.named().names(values)));
        known.addAll(WebhookConfig.named().all(WebhookConfig.named().names(values)));
        known.addAll(KeyConfig.named().all(KeyConfig.named().names(values)));
        known.addAll(UpstreamConfig.named().all(UpstreamConfig.named().names(values)));
        values.refuseOthersThan(known.stream().map(Setting::name).toList());
        Path data = values.get(DATA);
        List<KeyConfig> keys = KeyConfig.from(values, data);
        List<String> others = new ArrayList<>(OTHER_VARIABLES);
        keys.forEach(key -> key.variable().ifPresent(others::add));
        ServerConfig config = new ServerConfig(
                DataPort.from(values),
                AdminPort.from(values),
                TlsFiles.from(values),
                data,
                values.get(Jurisdictions.OF_NODE),
                ProviderConfig.from(values, data),
                NamespaceDefaults.from(values),
                Replication.from(values),
                Admission.from(values),
                values.get(Admission.PROCESSOR),
                Ramping.from(values),
                Cache.from(values),
                OriginsConfig.from(values, data),
                Logging.from(values),
                WebhookConfig.from(values, data),
                keys,
                BackupConfig.from(values, data),
                UpstreamConfig.from(values, data),
                values.get(DRILLS),
                variables.unknown(others));
        values.requireSound();
        return config;
    }

    /** Every setting but those of what has names: providers, webhooks, keys and upstreams; in the order of the documentation. */
    static List<Setting<?>> fixed() {
        List<Setting<?>> all = new ArrayList<>(DataPort.SETTINGS);
        all.addAll(AdminPort.SETTINGS);
        all.addAll(TlsFiles.SETTINGS);
        all.add(DATA);
        all.add(Jurisdictions.OF_NODE);
        all.addAll(NamespaceDefaults.SETTINGS);
        all.addAll(Replication.SETTINGS);
        all.addAll(Scrubbing.SETTINGS);
        all.addAll(Admission.SETTINGS);
        all.addAll(Ramping.SETTINGS);
        all.addAll(Cache.SETTINGS);
        all.addAll(OriginsConfig.SETTINGS);
        all.addAll(BackupConfig.SETTINGS);
        all.addAll(Logging.SETTINGS);
        all.add(DRILLS);
        return all;
    }
}
