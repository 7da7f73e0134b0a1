package dev.holdfast.server.http;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * Carries request targets past Jetty, which refuses, whatever its URI compliance, targets that are legal keys here
 * ({@code /a%00b}) or that a door answers in its own words ({@code /..}, {@code /%zz}).
 *
 * <p>The whole target travels as the query of a URI, which Jetty leaves alone, under a path that a client cannot guess. HTTP/2
 * targets do not pass here: there Jetty refuses those few by itself. Thread-safe.
 */
final class RawTargets {
    private final String cover = "/" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());

    /** What a request's target was. */
    record Target(String path, @Nullable String query) {

        static Target parse(String raw) {
            int mark = raw.indexOf('?');
            return mark < 0 ? new Target(raw, null) : new Target(raw.substring(0, mark), raw.substring(mark + 1));
        }
    }

    Target of(HttpURI uri) {
        String path = uri.getPath();
        String query = uri.getQuery();
        if (path == null) {
            return new Target("", query);
        }
        if (query == null || !path.equals(cover)) {
            return new Target(path, query);
        }
        return Target.parse(query);
    }

    /** Makes HTTP/1.1 connections whose targets are covered. */
    HttpConnectionFactory connections(HttpConfiguration configuration) {
        return new HttpConnectionFactory(configuration) {
            @Override
            public Connection newConnection(Connector connector, EndPoint endPoint) {
                return configure(new Covering(configuration, connector, endPoint), connector, endPoint);
            }
        };
    }

    private final class Covering extends HttpConnection {
        Covering(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
            super(configuration, connector, endPoint);
        }

        @Override
        protected HttpStreamOverHTTP1 newHttpStream(String method, String target, HttpVersion version) {
            return super.newHttpStream(method, covered(target), version);
        }
    }

    /** Only a path is covered; {@code *} and the authority of CONNECT lead nowhere, and an absolute target keeps its authority. */
    private String covered(String target) {
        String safe = target.indexOf('#') < 0 ? target : target.replace("#", "%23");
        if (safe.startsWith("/")) {
            return cover + "?" + safe;
        }
        int authority = safe.indexOf("://");
        int path = authority < 0 ? -1 : safe.indexOf('/', authority + 3);
        return path < 0 ? safe : safe.substring(0, path) + cover + "?" + safe.substring(path);
    }
}
