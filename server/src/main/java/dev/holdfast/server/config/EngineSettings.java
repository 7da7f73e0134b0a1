package dev.holdfast.server.config;

import dev.holdfast.server.config.EngineConfig.Consistency;
import dev.holdfast.server.config.EngineConfig.Kind;
import dev.holdfast.server.config.EngineConfig.Tls;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The settings of a provider that are about its engine: each is for some kinds of it. */
final class EngineSettings {
    private static final Type<String> TEXT = new Type<>("a text", EngineSettings::text);
    private static final Type<List<Address>> SERVERS =
            new Type<>("host:port, several with commas between", EngineSettings::servers);
    private static final Type<Map<String, Integer>> REPLICAS =
            new Type<>("DATACENTRE=COPIES, several with commas between, such as dc1=3,dc2=3", EngineSettings::replicas);
    private static final Type<URI> ENDPOINT = new Type<>("an http or https address", EngineSettings::endpoint);

    static final Setting<Optional<Path>> DIRECTORY = new Setting<>(
            "directory",
            Type.optional(Type.PATH),
            "",
            "rocksdb: where its records lie; a relative path is below the data folder. Without it, a folder of the"
                    + " provider's name there.");
    static final Setting<Size> CACHE = new Setting<>(
            "cache",
            Type.size(new Size(1 << 20), new Size(1L << 40)),
            "64MiB",
            "rocksdb: memory for blocks of records that were read lately.");
    static final Setting<Optional<List<Address>>> SERVER = new Setting<>(
            "servers",
            Type.optional(SERVERS),
            "",
            "postgres: the servers of one cluster, of which the one that takes writes is used. cassandra: nodes that"
                    + " tell of the others.");
    static final Setting<String> DATABASE =
            new Setting<>("database", TEXT, "holdfast", "postgres: the database, which has to exist.");
    static final Setting<String> SCHEMA = new Setting<>(
            "schema", TEXT, "holdfast", "postgres: the schema, which is made when the provider is new to the store.");
    static final Setting<Optional<URI>> S3_ENDPOINT = new Setting<>(
            "endpoint", Type.optional(ENDPOINT), "", "s3: where the store answers. Without it, Amazon's own.");
    static final Setting<String> REGION =
            new Setting<>("region", TEXT, "us-east-1", "s3: the region that requests are signed for.");
    static final Setting<Optional<String>> BUCKET =
            new Setting<>("bucket", Type.optional(TEXT), "", "s3: the bucket, which has to exist.");
    static final Setting<Optional<String>> PREFIX = new Setting<>(
            "prefix", Type.optional(TEXT), "", "s3: what the names of all objects begin with, before a slash.");
    static final Setting<Optional<Boolean>> PATH_STYLE = new Setting<>(
            "path-style",
            Type.optional(Type.BOOLEAN),
            "",
            "s3: whether the bucket is named in the path and not in the host. Without it, where there is an endpoint.");
    static final Setting<String> DATACENTER =
            new Setting<>("datacenter", TEXT, "datacenter1", "cassandra: the data centre whose nodes are asked.");
    static final Setting<String> KEYSPACE = new Setting<>(
            "keyspace", TEXT, "holdfast", "cassandra: the keyspace, made when the provider is new to the store.");
    static final Setting<Optional<Map<String, Integer>>> COPIES = new Setting<>(
            "replicas",
            Type.optional(REPLICAS),
            "",
            "cassandra: how many copies each data centre keeps, for when the keyspace is made. Without it, one copy in"
                    + " all, which is for a cluster of one node.");
    static final Setting<Consistency> CONSISTENCY = new Setting<>(
            "consistency",
            Type.oneOf(Consistency.class),
            "local",
            "cassandra: whether a majority of the copies in the data centre has to agree, or of all.");
    static final Setting<Integer> BUCKET_BYTES = new Setting<>(
            "bucket-bytes",
            Type.number(1, 64),
            "2",
            "cassandra: how many bytes from the beginning of a key make the partition that it lies in, for when the"
                    + " place is made.");
    static final Setting<Optional<Path>> CREDENTIALS = new Setting<>(
            "credentials",
            Type.optional(Type.PATH),
            "",
            "postgres, s3, cassandra: a file that only its owner reads, with one or two lines: a name and a secret"
                + " with a space between. The second is used when the first is refused; a changed file is read anew.");
    static final Setting<Optional<Tls>> TLS = new Setting<>(
            "tls",
            Type.optional(Type.oneOf(Tls.class)),
            "",
            "postgres, cassandra: whether the connection is encrypted, with a server that is who it says it is. Without"
                    + " it, postgres encrypts where the server can, and cassandra does not.");
    static final Setting<Optional<Path>> TRUSTED = new Setting<>(
            "tls-trusted",
            Type.optional(Type.PATH),
            "",
            "postgres, cassandra: PEM file with the certificates that may have signed the server's.");
    static final Setting<Optional<Integer>> CONNECTIONS = new Setting<>(
            "connections",
            Type.optional(Type.number(1, 500)),
            "",
            "postgres, s3: at most so many at a time. Without it, 16 and 64.");
    static final Setting<Boolean> ACCEPT_LOSS = new Setting<>(
            "accept-loss",
            Type.BOOLEAN,
            "false",
            "postgres: whether a server is used that may lose what it has acknowledged (fsync or synchronous_commit"
                    + " off).");

    /** A setting and the kinds that it is for. */
    private record For(Setting<?> setting, Set<Kind> kinds) {
        For(Setting<?> setting, Kind first, Kind... more) {
            this(setting, EnumSet.of(first, more));
        }
    }

    private static final List<For> ALL = List.of(
            new For(DIRECTORY, Kind.ROCKSDB),
            new For(CACHE, Kind.ROCKSDB),
            new For(SERVER, Kind.POSTGRES, Kind.CASSANDRA),
            new For(DATABASE, Kind.POSTGRES),
            new For(SCHEMA, Kind.POSTGRES),
            new For(S3_ENDPOINT, Kind.S3),
            new For(REGION, Kind.S3),
            new For(BUCKET, Kind.S3),
            new For(PREFIX, Kind.S3),
            new For(PATH_STYLE, Kind.S3),
            new For(DATACENTER, Kind.CASSANDRA),
            new For(KEYSPACE, Kind.CASSANDRA),
            new For(COPIES, Kind.CASSANDRA),
            new For(CONSISTENCY, Kind.CASSANDRA),
            new For(BUCKET_BYTES, Kind.CASSANDRA),
            new For(CREDENTIALS, Kind.POSTGRES, Kind.S3, Kind.CASSANDRA),
            new For(TLS, Kind.POSTGRES, Kind.CASSANDRA),
            new For(TRUSTED, Kind.POSTGRES, Kind.CASSANDRA),
            new For(CONNECTIONS, Kind.POSTGRES, Kind.S3),
            new For(ACCEPT_LOSS, Kind.POSTGRES));

    private EngineSettings() {}

    static List<Setting<?>> all() {
        return ALL.stream().<Setting<?>>map(For::setting).toList();
    }

    /** The engine of a provider. What is wrong is noted; what is then returned is of no use. */
    static EngineConfig read(Values values, Named named, String name, Kind kind, Path dataFolder) {
        EngineSettings.refuseOthers(values, named, name, kind);
        Reading reading = new Reading(values, named, name);
        return switch (kind) {
            case ROCKSDB ->
                new EngineConfig.Rocks(
                        dataFolder.resolve(reading.get(DIRECTORY).orElse(Path.of(name))), reading.get(CACHE));
            case POSTGRES ->
                new EngineConfig.Postgres(
                        reading.needed(SERVER, List.of()),
                        reading.get(DATABASE),
                        reading.get(SCHEMA),
                        reading.get(TLS),
                        reading.get(TRUSTED),
                        reading.needed(CREDENTIALS, Path.of("")),
                        reading.get(CONNECTIONS),
                        reading.get(ACCEPT_LOSS));
            case S3 ->
                new EngineConfig.S3(
                        reading.get(S3_ENDPOINT),
                        reading.get(REGION),
                        reading.needed(BUCKET, ""),
                        reading.get(PREFIX).orElse(""),
                        reading.get(PATH_STYLE),
                        reading.needed(CREDENTIALS, Path.of("")),
                        reading.get(CONNECTIONS));
            case CASSANDRA ->
                new EngineConfig.Cassandra(
                        reading.needed(SERVER, List.of()),
                        reading.get(DATACENTER),
                        reading.get(KEYSPACE),
                        reading.get(COPIES).orElse(Map.of()),
                        reading.get(CONSISTENCY),
                        reading.get(TLS),
                        reading.get(TRUSTED),
                        reading.get(CREDENTIALS),
                        reading.get(BUCKET_BYTES));
        };
    }

    /** The settings of one provider. */
    private record Reading(Values values, Named named, String name) {
        <T> T get(Setting<T> setting) {
            return values.get(named.under(name, setting));
        }

        <T> T needed(Setting<Optional<T>> setting, T otherwise) {
            Setting<Optional<T>> here = named.under(name, setting);
            Optional<T> given = values.get(here);
            if (given.isEmpty() && !values.paths().contains(here.name())) {
                values.problem(
                        here,
                        "is needed by this kind of provider: " + setting.type().expects());
            }
            return given.orElse(otherwise);
        }
    }

    private static void refuseOthers(Values values, Named named, String name, Kind kind) {
        for (For each : ALL) {
            Setting<?> setting = named.under(name, each.setting);
            if (!each.kinds.contains(kind) && values.paths().contains(setting.name())) {
                values.problem(
                        setting,
                        "is not for a provider of kind " + Type.label(kind) + ", but for "
                                + each.kinds.stream().map(Type::label).collect(Collectors.joining(" and ")));
            }
        }
    }

    private static String text(String text) {
        if (text.isBlank() || !text.equals(text.strip())) {
            throw new IllegalArgumentException("empty, or with spaces around");
        }
        return text;
    }

    private static List<Address> servers(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(each -> Address.parse(each.strip()))
                .toList();
    }

    private static Map<String, Integer> replicas(String text) {
        Map<String, Integer> replicas = new TreeMap<>();
        for (String each : text.split(",", -1)) {
            int equals = each.indexOf('=');
            int copies =
                    equals < 1 ? 0 : Integer.parseInt(each.substring(equals + 1).strip());
            if (copies < 1) {
                throw new IllegalArgumentException("no copies");
            }
            replicas.put(each.substring(0, equals).strip(), copies);
        }
        return Map.copyOf(replicas);
    }

    private static URI endpoint(String text) {
        URI uri = URI.create(text);
        if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw new IllegalArgumentException("no address");
        }
        return uri;
    }
}
