package dev.holdfast.providers.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a schema is and how it is used. No secret is in it: passwords are asked for when a connection is made.
 *
 * @param hosts one or more of one cluster; the one that takes writes is used
 * @param schema made by {@link PostgresProvider#initialise}, unless it is there: lower-case letters, digits and underscores, not
 *     beginning with a digit, at most 48 characters
 * @param credentials one or more, tried in this order for each new connection, beginning with the one that was last accepted;
 *     connections that are open go on whatever becomes of their role's password
 * @param connections at most so many at a time, 1 to 500
 * @param lax whether a server that may lose what it has acknowledged ({@code fsync} or {@code synchronous_commit} off) is used
 *     all the same
 */
public record PostgresSettings(
        List<Host> hosts,
        String database,
        String schema,
        List<Credential> credentials,
        int connections,
        Timeouts timeouts,
        Tls tls,
        boolean lax) {
    public static final String DEFAULT_SCHEMA = "holdfast";
    public static final int DEFAULT_PORT = 5432;
    public static final int DEFAULT_CONNECTIONS = 16;
    private static final int MOST_CONNECTIONS = 500;

    /** A host, by name or address, and its port. */
    public record Host(String name, int port) {
        public Host {
            if (name.isBlank() || port < 1 || port > 65_535) {
                throw new IllegalArgumentException("no host and port: \"" + name + "\" and " + port);
            }
        }

        @Override
        public String toString() {
            return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
        }
    }

    /**
     * A role to connect as.
     *
     * @param password asked for each new connection, so that it may change; null when the server wants none
     */
    public record Credential(String user, @Nullable Supplier<String> password) {
        @Override
        public String toString() {
            return user;
        }
    }

    /**
     * How long what may take, in whole seconds from 1 on.
     *
     * @param connect for each step of making a connection: to reach the host, and for each answer until the log-in is done
     * @param pool for a connection when all are in use or none can be made
     * @param statement until the server itself gives a statement up
     * @param socket without a byte of an answer until a connection is given up; longer than {@code statement}
     */
    public record Timeouts(Duration connect, Duration pool, Duration statement, Duration socket) {
        public static final Timeouts DEFAULT = new Timeouts(
                Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofSeconds(10));

        public Timeouts {
            for (Duration each : List.of(connect, pool, statement, socket)) {
                if (each.toSeconds() < 1) {
                    throw new IllegalArgumentException("a timeout is one second or more, not " + each);
                }
            }
            if (socket.compareTo(statement) <= 0) {
                throw new IllegalArgumentException(
                        "the socket's timeout, " + socket + ", has to be longer than the statement's, " + statement
                                + ", so that the server gives up first");
            }
        }

        /** After this a call is over, whatever it waits for. */
        Duration call() {
            return pool.plus(connect).plus(socket.multipliedBy(2));
        }
    }

    /**
     * @param mode as libpq and the driver call it
     * @param rootCertificate file with the certificates that may have signed the server's; null for {@code ~/.postgresql/root.crt}
     */
    public record Tls(Mode mode, @Nullable Path rootCertificate) {
        /** What is asked of the connection. Only the last two know who answers. */
        public enum Mode {
            DISABLE("disable"),
            PREFER("prefer"),
            REQUIRE("require"),
            VERIFY_CA("verify-ca"),
            VERIFY_FULL("verify-full");

            private final String label;

            Mode(String label) {
                this.label = label;
            }

            /** The word for it in PostgreSQL. */
            public String label() {
                return label;
            }
        }

        public static final Tls DEFAULT = new Tls(Mode.PREFER, null);
    }

    public PostgresSettings {
        hosts = List.copyOf(hosts);
        credentials = List.copyOf(credentials);
        if (hosts.isEmpty() || credentials.isEmpty() || database.isBlank()) {
            throw new IllegalArgumentException("a host, a credential and a database are needed");
        }
        if (!schema.matches("[a-z_][a-z0-9_]{0,47}") || schema.startsWith("pg_")) {
            throw new IllegalArgumentException("no name for a schema: \"" + schema
                    + "\"; it has lower-case letters, digits and underscores, does not begin with a digit or pg_, and"
                    + " is at most 48 characters long");
        }
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            throw new IllegalArgumentException("1 to " + MOST_CONNECTIONS + " connections, not " + connections);
        }
    }

    /** With all that can be left to its default. */
    public static PostgresSettings of(List<Host> hosts, String database, List<Credential> credentials) {
        return new PostgresSettings(
                hosts,
                database,
                DEFAULT_SCHEMA,
                credentials,
                DEFAULT_CONNECTIONS,
                Timeouts.DEFAULT,
                Tls.DEFAULT,
                false);
    }

    /** The place, for people. */
    String where() {
        return "schema " + schema + " of database " + database + " at "
                + hosts.stream().map(Host::toString).collect(Collectors.joining(","));
    }
}
