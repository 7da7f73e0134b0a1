package dev.holdfast.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a provider keeps its records in, and how that is reached. */
public sealed interface EngineConfig {

    /** The engines there are. */
    enum Kind {
        ROCKSDB,
        POSTGRES,
        S3,
        CASSANDRA
    }

    /** Whether a connection is encrypted. */
    enum Tls {
        OFF,
        /** Encrypted, and only with a server whose certificate is trusted and names it. */
        VERIFY
    }

    /** Where a majority of the copies has to agree. */
    enum Consistency {
        LOCAL,
        GLOBAL
    }

    /** What it is lost together with when the operator does not say. */
    String device();

    /**
     * A directory of this machine.
     *
     * @param cache memory for what was read lately
     */
    record Rocks(Path directory, Size cache) implements EngineConfig {
        @Override
        public String device() {
            return directory.toString();
        }
    }

    /**
     * A schema of a PostgreSQL database.
     *
     * @param servers of one cluster
     * @param tls empty for encrypted where the server can
     * @param trusted certificates that may have signed the server's; empty for the usual ones
     * @param credentials the file with them
     * @param connections at most so many; empty for the usual number
     * @param acceptLoss whether a server that may lose what it has acknowledged is used
     */
    record Postgres(
            List<Address> servers,
            String database,
            String schema,
            Optional<Tls> tls,
            Optional<Path> trusted,
            Path credentials,
            Optional<Integer> connections,
            boolean acceptLoss)
            implements EngineConfig {
        @Override
        public String device() {
            return "postgres " + EngineConfig.text(servers);
        }
    }

    /**
     * A bucket, or a part of one, at an S3-compatible store.
     *
     * @param endpoint empty for Amazon's own
     * @param pathStyle whether the bucket is named in the path; empty for so where there is an endpoint
     */
    record S3(
            Optional<URI> endpoint,
            String region,
            String bucket,
            String prefix,
            Optional<Boolean> pathStyle,
            Path credentials,
            Optional<Integer> connections)
            implements EngineConfig {
        @Override
        public String device() {
            return "s3 " + endpoint.map(URI::toString).orElse(region);
        }
    }

    /**
     * A keyspace of a Cassandra cluster.
     *
     * @param servers contact points
     * @param replicas copies in each data centre, for when the keyspace is made; empty for one copy
     * @param credentials the file with them; empty where none are asked for
     * @param bucketBytes bytes of a key that make its bucket, for when the place is made
     */
    record Cassandra(
            List<Address> servers,
            String datacenter,
            String keyspace,
            Map<String, Integer> replicas,
            Consistency consistency,
            Optional<Tls> tls,
            Optional<Path> trusted,
            Optional<Path> credentials,
            int bucketBytes)
            implements EngineConfig {
        @Override
        public String device() {
            return "cassandra " + EngineConfig.text(servers);
        }
    }

    /**
     * Two engines: values above a size lie in the second one.
     *
     * @param over the size
     * @param to what the configuration calls the second one
     */
    record Split(EngineConfig heads, Size over, String to, EngineConfig blobs) implements EngineConfig {
        @Override
        public String device() {
            return heads.device();
        }
    }

    private static String text(List<Address> servers) {
        return String.join(",", servers.stream().map(Address::toString).sorted().toList());
    }
}
