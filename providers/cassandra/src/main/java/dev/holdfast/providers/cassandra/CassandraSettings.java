package dev.holdfast.providers.cassandra;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a cluster is and how it is used. Nodes of one store give all of it alike but for contact points, data centre, credentials
 * and times.
 *
 * @param contactPoints nodes that tell of the others, at least one; names are looked up anew at each connecting
 * @param datacenter the data centre whose nodes are asked
 * @param keyspace lower-case letters, digits and {@code _}, to 48; a place of its own for each provider
 * @param replicas how many copies each data centre keeps (NetworkTopologyStrategy); empty for one copy in all (SimpleStrategy),
 *     which is for a cluster of one node. Counts only when the keyspace is made
 * @param consistency where a majority of the copies must agree
 * @param credentials none, one or two; the next is tried when one is refused
 * @param tls null for none
 * @param connectTimeout for connecting and being let in, to each node
 * @param requestTimeout for one statement, whatever its driver does for it
 * @param bucketBytes how many bytes from the beginning of a key make the bucket that it lies in, 1 to 64. Counts only when a place
 *     is initialised; see docs/on-provider-format.md for how to choose it
 */
public record CassandraSettings(
        List<InetSocketAddress> contactPoints,
        String datacenter,
        String keyspace,
        Map<String, Integer> replicas,
        Consistency consistency,
        List<Credentials> credentials,
        @Nullable Tls tls,
        Duration connectTimeout,
        Duration requestTimeout,
        int bucketBytes) {
    private static final int MOST_BUCKET_BYTES = 64;

    /** One node on this machine, with Cassandra's own defaults. */
    public static final CassandraSettings DEFAULT = new CassandraSettings(
            List.of(InetSocketAddress.createUnresolved("127.0.0.1", 9042)),
            "datacenter1",
            "holdfast",
            Map.of(),
            Consistency.LOCAL,
            List.of(),
            null,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            2);

    /** Where a majority must agree. All nodes of a store have to give the same one: else two of them decide without each other. */
    public enum Consistency {
        /** In the data centre of the settings. All nodes then have to use the same data centre. */
        LOCAL,
        /** In all data centres together. */
        GLOBAL
    }

    /**
     * Who we say we are. The password shows nowhere.
     *
     * @param secret asked for the password at each connecting, so that one that is renewed needs no restart
     */
    public record Credentials(String user, Supplier<String> secret) {
        public Credentials(String user, String password) {
            this(user, () -> password);
        }

        public String password() {
            return secret.get();
        }

        @Override
        public String toString() {
            return user;
        }
    }

    /**
     * That connections are encrypted, and the names of the nodes verified.
     *
     * @param trusted certificates in PEM that are trusted alone; null for those that the JDK trusts
     */
    public record Tls(@Nullable Path trusted) {}

    /** @throws IllegalArgumentException with a sentence for people */
    public CassandraSettings {
        contactPoints = List.copyOf(contactPoints);
        replicas = Map.copyOf(replicas);
        credentials = List.copyOf(credentials);
        require(!contactPoints.isEmpty(), "a cluster needs a contact point");
        require(!datacenter.isBlank(), "a cluster needs the name of the data centre that is asked");
        require(
                keyspace.matches("[a-z][a-z0-9_]{0,47}"),
                "a keyspace has 1 to 48 lower-case letters, digits and _, and begins with a letter: \"" + keyspace
                        + "\"");
        for (Map.Entry<String, Integer> each : replicas.entrySet()) {
            require(
                    each.getKey().matches("[A-Za-z0-9_.-]{1,100}") && each.getValue() >= 1,
                    "a data centre keeps 1 copy or more, not " + each);
        }
        require(credentials.size() <= 2, "there are at most two credentials, not " + credentials.size());
        require(positive(connectTimeout) && positive(requestTimeout), "times to wait are above 0");
        require(
                bucketBytes >= 1 && bucketBytes <= MOST_BUCKET_BYTES,
                "a bucket is made of 1 to " + MOST_BUCKET_BYTES + " bytes, not " + bucketBytes);
    }

    private static boolean positive(Duration duration) {
        return duration.isPositive();
    }

    private static void require(boolean met, String sentence) {
        if (!met) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
