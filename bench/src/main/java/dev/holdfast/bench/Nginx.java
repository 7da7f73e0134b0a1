package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * nginx, answering what Holdfast answered, after comparing the token: small bodies from its own memory, large ones from a file that it
 * keeps open and that is in the memory of the system. Bodies of requests it throws away.
 *
 * @param http1 for the id of each reply the port for HTTP/1.1
 * @param http2 the same for HTTP/2: one port cannot speak both without TLS
 */
record Nginx(Child process, Map<String, Integer> http1, Map<String, Integer> http2) {
    /** A word of its configuration cannot be longer than 4 KiB. */
    private static final int LARGE_BYTES = 2048;

    /** @param tls null for none */
    static Nginx start(Path folder, String token, @Nullable Tls tls, List<Reply> replies) throws IOException {
        Map<String, Integer> http1 = new HashMap<>();
        Map<String, Integer> http2 = new HashMap<>();
        StringBuilder servers = new StringBuilder();
        for (Reply reply : replies) {
            http1.put(reply.id(), Ports.free());
            http2.put(reply.id(), tls == null ? Ports.free() : http1.getOrDefault(reply.id(), 0));
            servers.append(server(folder, listen(http1.get(reply.id()), http2.get(reply.id()), tls), token, reply));
        }
        // One core is the generator's.
        int workers = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        // Its workers give up root's rights, and with them the way to the files.
        String user = System.getProperty("user.name").equals("root") ? "user root;" : "";
        String configuration = """
            daemon off;
            %s
            worker_processes %d;
            pid nginx.pid;
            events { worker_connections 4096; }
            http {
              access_log off;
              server_tokens off;
              tcp_nodelay on;
              sendfile on;
              open_file_cache max=100 inactive=1d;
              open_file_cache_valid 1d;
              etag off;
              max_ranges 0;
              keepalive_timeout 3600s;
              keepalive_requests 1000000000;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              %s
            }
            """.formatted(user, workers, servers);
        Files.writeString(folder.resolve("nginx.conf"), configuration);
        List<String> command =
                List.of("nginx", "-p", folder.toString(), "-c", "nginx.conf", "-e", folder.resolve("nginx.err") + "");
        return new Nginx(Child.silent("nginx", folder, command, Map.of()), http1, http2);
    }

    private static String listen(int http1, int http2, @Nullable Tls tls) {
        if (tls == null) {
            return "listen 127.0.0.1:" + http1 + "; listen 127.0.0.1:" + http2 + " http2;";
        }
        return "listen 127.0.0.1:" + http1 + " ssl http2; ssl_certificate " + quoted(tls.certificate() + "")
                + "; ssl_certificate_key " + quoted(tls.key() + "") + ";";
    }

    private static String server(Path folder, String listen, String token, Reply reply) throws IOException {
        Answer answer = reply.answer();
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
                    %s
                    default_type %s;
                %s
                    if ($http_authorization != "Bearer %s") { return 401; }
                    %s
                }
                """,
                listen,
                quoted(answer.contentType() == null ? "" : answer.contentType()),
                headers,
                token,
                answer.body().length() < LARGE_BYTES
                        ? "return 200 " + quoted(answer.body()) + ";"
                        : file(folder, reply));
    }

    /** Every target leads to the one file, without the header that nginx would add for a file. */
    private static String file(Path folder, Reply reply) throws IOException {
        String name = "/" + reply.id() + ".body";
        Files.writeString(Path.of(folder + name), reply.answer().body());
        return "root " + quoted(folder.toString()) + "; types { } add_header Last-Modified \"\"; rewrite ^ " + name
                + " break;";
    }

    private static String quoted(String text) {
        if (text.indexOf('$') >= 0) {
            throw new IllegalArgumentException("nginx would take this for a variable: " + text);
        }
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
