package dev.holdfast.integration.engines;

import dev.holdfast.providers.cassandra.Daemon;
import dev.holdfast.providers.postgres.PostgresServer;
import dev.holdfast.providers.s3.S3Proxy;
import dev.holdfast.providers.s3.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What a configuration says of running engines, each of which is a provider of its own name. */
final class Configured {
    private Configured() {}

    /** @param folder for the file with the credentials */
    static String postgres(PostgresServer server, Path folder) throws IOException {
        return """
              pg:
                kind: postgres
                servers: 127.0.0.1:%d
                database: %s
                credentials: %s
                tls: off
            """.formatted(
                        server.port(),
                        PostgresServer.DATABASE,
                        credentials(folder.resolve("pg"), PostgresServer.SUPERUSER, PostgresServer.PASSWORD));
    }

    /** @param folder for the file with the credentials */
    static String s3(S3Proxy server, String bucket, Path folder) throws IOException {
        return """
              s3:
                kind: s3
                endpoint: %s
                bucket: %s
                credentials: %s
            """.formatted(
                        server.endpoint(), bucket, credentials(folder.resolve("s3"), Server.ACCESS_KEY, Server.SECRET));
    }

    /** @param folder for the file with the credentials */
    static String cassandra(Daemon server, Path folder) throws IOException {
        return """
              cassandra:
                kind: cassandra
                servers: 127.0.0.1:%d
                credentials: %s
            """.formatted(
                        server.address().getPort(),
                        credentials(folder.resolve("cassandra-login"), Daemon.ADMIN.user(), Daemon.ADMIN.password()));
    }

    static Path credentials(Path file, String name, String secret) throws IOException {
        Files.writeString(file, name + " " + secret + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
