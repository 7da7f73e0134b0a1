package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * nginx, answering from memory what Holdfast answered, after comparing the token: one port for GET and one for PUT, whose bodies
 * it reads and throws away.
 */
record Nginx(Child process, int getPort, int putPort) {

    static Nginx start(Path folder, String token, Answer get, Answer put) throws IOException {
        int getPort = Ports.free();
        int putPort = Ports.free();
        // One core is the generator's.
        int workers = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        String configuration = """
            daemon off;
            worker_processes %d;
            pid nginx.pid;
            events { worker_connections 1024; }
            http {
              access_log off;
              server_tokens off;
              tcp_nodelay on;
              keepalive_timeout 3600s;
              keepalive_requests 1000000000;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              %s
              %s
            }
            """.formatted(workers, server(getPort, token, get), server(putPort, token, put));
        Files.writeString(folder.resolve("nginx.conf"), configuration);
        List<String> command =
                List.of("nginx", "-p", folder.toString(), "-c", "nginx.conf", "-e", folder.resolve("nginx.err") + "");
        return new Nginx(Child.silent("nginx", folder, command, Map.of()), getPort, putPort);
    }

    private static String server(int port, String token, Answer answer) {
        StringBuilder headers = new StringBuilder();
        for (Answer.Header header : answer.headers()) {
            headers.append("    add_header ")
                    .append(header.name())
                    .append(' ')
                    .append(quoted(header.value()))
                    .append(";\n");
        }
        return String.format(
                Locale.ROOT,
                """
                server {
                    listen 127.0.0.1:%d;
                    default_type %s;
                %s
                    if ($http_authorization != "Bearer %s") { return 401; }
                    return 200 %s;
                }
                """,
                port,
                quoted(answer.contentType() == null ? "" : answer.contentType()),
                headers,
                token,
                quoted(answer.body()));
    }

    private static String quoted(String text) {
        if (text.indexOf('$') >= 0) {
            throw new IllegalArgumentException("nginx would take this for a variable: " + text);
        }
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
